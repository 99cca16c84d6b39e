/** Messages and states as the log makes them, with as little said as a test needs. */
import { type ChatMessage, type EventBody, emptyState, reduceAll } from "@everthread/protocol"

export const minuteMs = 60_000

export function said(user: string, seq: number, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: `m${seq}`,
    seq,
    time: seq * minuteMs,
    role: "user",
    status: "complete",
    by: { user, device: "phone" },
    key: `k${seq}`,
    text: `text ${seq}`,
    blocks: [],
    ...more,
  }
}

export function answered(seq: number, text: string, more: Partial<ChatMessage> = {}): ChatMessage {
  return {
    id: `a${seq}`,
    seq,
    time: seq * minuteMs,
    role: "assistant",
    status: "complete",
    agent: "demo",
    run: "r1",
    text: "",
    blocks: text === "" ? [] : [{ kind: "text", text, done: true }],
    ...more,
  }
}

/** @returns what a log of these events adds up to. */
export function stateAfter(...events: readonly EventBody[]) {
  return reduceAll(
    emptyState,
    events.map((event, index) => ({ ...event, seq: index + 1 })),
  )
}
