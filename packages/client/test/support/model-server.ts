/**
 * A server of one conversation that keeps to the protocol and lets the test decide when anything
 * happens: what is sent waits on the wire, in order, until the test lets it arrive or cuts the wire.
 */
import { type DownFrame, emptyState, type LogEvent, reduceAll, type SnapshotReason, seqOf } from "@everthread/protocol"
import type { ClientSocket, SocketFactory, SocketHandlers } from "../../src/index.ts"
import { type Sent, welcomeFrame } from "./fake-sockets.ts"

interface Stored {
  readonly cursor: string
  readonly event: LogEvent
}

interface Wire {
  readonly handlers: SocketHandlers
  readonly up: Sent[]
  readonly down: object[]
  cut: boolean
  subscribed: boolean
}

export class ModelServer {
  readonly conversation = "c"
  log: Stored[] = []
  #keys = new Map<string, number>()
  #wire: Wire | undefined
  #delivered: object[] = []
  #nonces = 0
  /** What is not kept entry by entry any more: so many, from the first on. */
  #trimmed = 0
  /** How often each key was appended over all histories, and in the present one. */
  readonly acked = new Map<string, number>()

  readonly factory: SocketFactory = (_url, handlers): ClientSocket => {
    const wire: Wire = { handlers, up: [], down: [], cut: false, subscribed: false }
    this.#wire = wire
    queueMicrotask(() => {
      if (!wire.cut) handlers.opened()
    })
    return {
      send: (text) => void wire.up.push(JSON.parse(text) as Sent),
      close: () => {
        wire.cut = true
      },
    }
  }

  get head(): string {
    return this.log.at(-1)?.cursor ?? "0-0"
  }

  get state() {
    return reduceAll(
      emptyState,
      this.log.map(({ event }) => event),
    )
  }

  get busy(): boolean {
    return this.#wire !== undefined && !this.#wire.cut && this.#wire.up.length + this.#wire.down.length > 0
  }

  /** Handles one frame of the client. */
  serve(): void {
    const frame = this.#wire?.up.shift()
    if (frame && this.#wire && !this.#wire.cut) this.#handle(frame, this.#wire)
  }

  /** Lets one frame arrive at the client. */
  deliver(): void {
    const wire = this.#wire
    const frame = wire?.down.shift()
    if (!frame || !wire || wire.cut) return
    this.#delivered.push(frame)
    wire.handlers.received(JSON.stringify(frame))
  }

  /** Lets a frame arrive once more that had arrived on this connection. */
  repeat(pick: number): void {
    const events = this.#delivered.filter((frame) => (frame as DownFrame).type === "events")
    const frame = events[pick % Math.max(events.length, 1)]
    if (frame && this.#wire && !this.#wire.cut) this.#wire.handlers.received(JSON.stringify(frame))
  }

  /** The wire breaks: what is on it is lost. */
  cut(): void {
    const wire = this.#wire
    if (!wire || wire.cut) return
    wire.cut = true
    this.#delivered = []
    wire.handlers.closed(1006, "")
  }

  /** Loses one frame on its way, as a broken relay might: the client must see the gap. */
  lose(): void {
    const at = this.#wire?.down.findIndex((frame) => (frame as DownFrame).type === "events") ?? -1
    if (at >= 0) this.#wire?.down.splice(at, 1)
  }

  /** Somebody else writes. */
  write(text: string): void {
    const key = `other-${this.#nonces}`
    this.#append((seq) => ({ ...message(seq, key, "bob", "phone", text) }))
  }

  /** The store forgets its newest entries, and every connection with them. */
  rollBack(entries: number): void {
    this.cut()
    this.log = this.log.slice(0, Math.max(this.log.length - entries, 0))
    this.#trimmed = Math.min(this.#trimmed, this.log.length)
    for (const [key, seq] of this.#keys) if (seq > this.log.length) this.#keys.delete(key)
  }

  /** Keeps all there is now in a snapshot alone. */
  trim(): void {
    this.#trimmed = this.log.length
  }

  #handle(frame: Sent, wire: Wire): void {
    const reply = (result: object) => wire.down.push({ type: "ok", id: frame.id, result })
    if (frame.type === "hello") wire.down.push(welcomeFrame)
    else if (frame.type === "send") reply(this.#send(frame))
    else if (frame.type === "members") reply({ conversation: this.conversation, members: [] })
    else if (frame.type === "subscribe") {
      reply({ conversation: this.conversation })
      this.#subscribe(wire, frame["cursor"] as string | undefined)
    } else reply({})
  }

  #send(frame: Sent): object {
    const key = String(frame.key)
    const first = this.#keys.get(key)
    const seq = first ?? this.#append((at) => ({ ...message(at, key, "ada", "laptop", String(frame["text"])) }))
    this.#keys.set(key, seq)
    this.acked.set(key, seq)
    const cursor = this.log[seq - 1]?.cursor
    return { conversation: this.conversation, cursor, seq, duplicate: first !== undefined, ref: `m-${key}` }
  }

  #subscribe(wire: Wire, cursor: string | undefined): void {
    const { conversation, head } = this
    const at = this.log.findIndex((stored) => stored.cursor === cursor)
    const from = cursor ?? "0-0"
    // As the real one does: who names no cursor gets the log from its beginning, if it is still kept.
    if (seqOf(from) < this.#trimmed) this.#sendTrimmed(wire, cursor === undefined ? "fresh" : "trimmed")
    else if (at >= 0 || from === "0-0") this.#sendRange(wire, from, this.log.slice(at + 1))
    else wire.down.push({ type: "snapshot", conversation, reason: "diverged", cursor: head, state: this.state })
    wire.down.push({ type: "upToDate", conversation, cursor: head })
    wire.subscribed = true
  }

  #sendTrimmed(wire: Wire, reason: SnapshotReason): void {
    const held = this.log.slice(0, this.#trimmed)
    const cursor = held.at(-1)?.cursor ?? "0-0"
    const state = reduceAll(
      emptyState,
      held.map(({ event }) => event),
    )
    wire.down.push({ type: "snapshot", conversation: this.conversation, reason, cursor, state })
    this.#sendRange(wire, cursor, this.log.slice(this.#trimmed))
  }

  #sendRange(wire: Wire, prev: string, range: readonly Stored[]): void {
    const cursor = range.at(-1)?.cursor
    if (cursor === undefined) return
    const events = range.map(({ event }) => event)
    wire.down.push({ type: "events", conversation: this.conversation, prev, cursor, events })
  }

  #append(make: (seq: number) => LogEvent): number {
    const seq = this.log.length + 1
    const prev = this.head
    this.#nonces += 1
    const stored = { cursor: `${seq}-n${this.#nonces}`, event: make(seq) }
    this.log.push(stored)
    const wire = this.#wire
    if (wire?.subscribed && !wire.cut) this.#sendRange(wire, prev, [stored])
    return seq
  }
}

function message(seq: number, key: string, user: string, device: string, text: string): LogEvent {
  return { type: "message", time: 0, by: { user, device }, id: `m-${key}`, key, text, seq }
}
