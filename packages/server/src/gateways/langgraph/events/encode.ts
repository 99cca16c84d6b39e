/**
 * Frames of the log as bytes for stock clients: made once for each kind of subscription and each transport, however many
 * connections ask. (SPEC DLV1)
 *
 * Nothing here is joined for a slow device: a client that has seen a token knows it by its id, and would add a joined one
 * to what it has. So these bytes stand as they are, and a device that does not read them is let go. (SPEC DLV3)
 */
import { emptyState, reduce } from "@everthread/protocol"
import { eventsOf, type PlacedEvent, placed, wireText } from "@everthread/protocol/langgraph"
import { textFrame } from "../../../connection/ws-frame.ts"
import type { Encoder, LogFrame } from "../../../core/log-frame.ts"
import { type Filter, wants } from "./filter.ts"

/** How one event is wrapped for its transport. */
export interface Framing {
  readonly name: "websocket" | "sse"
  frame(event: PlacedEvent): Uint8Array
}

export const webSocketFraming: Framing = {
  name: "websocket",
  frame: (event) => textFrame(wireText(event)),
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html: JSON text has no line breaks of its own. */
export const sseFraming: Framing = {
  name: "sse",
  frame: (event) => Buffer.from(`id: ${event.id}\nevent: message\ndata: ${wireText(event)}\n\n`),
}

/** @returns everything that a frame says, whoever wants to hear it. The frame has to carry the state before it. */
export function eventsOfFrame(frame: LogFrame): PlacedEvent[] {
  let state = frame.before ?? emptyState
  return frame.entries.flatMap(({ cursor, seq, event }) => {
    const before = state
    state = reduce(before, event)
    return eventsOf(event, before, state).map((told, index) => placed(cursor, seq, index, told))
  })
}

/** @returns several events as one piece of bytes, or nothing. */
export function joinedBytes(framing: Framing, events: readonly PlacedEvent[]): Uint8Array | undefined {
  return events.length === 0 ? undefined : Buffer.concat(events.map((event) => framing.frame(event)))
}

/** Kinds of subscriptions that are kept: pages ask for a few, and strangers for as many as they like. */
const encodersMax = 256
const encoders = new Map<string, Encoder>()

/** @returns what encodes for everybody who wants the same over the same transport. */
export function encoderFor(framing: Framing, filters: readonly Filter[]): Encoder {
  const key = `${framing.name} ${[...new Set(filters.map((filter) => JSON.stringify(filter)))].sort().join(" ")}`
  const known = encoders.get(key)
  // Behind the others: the one that nobody has asked for longest goes first.
  if (known) encoders.delete(key)
  const encoder = known ?? encoderOf(framing, filters)
  encoders.set(key, encoder)
  const [oldest] = encoders.keys()
  if (encoders.size > encodersMax && oldest !== undefined) encoders.delete(oldest)
  return encoder
}

function encoderOf(framing: Framing, filters: readonly Filter[]): Encoder {
  return {
    encode(_conversation: string, frame: LogFrame): Uint8Array | undefined {
      const wanted = eventsOfFrame(frame).filter(({ event }) => filters.some((filter) => wants(filter, event)))
      return joinedBytes(framing, wanted)
    },
  }
}
