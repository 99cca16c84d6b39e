/** Frames of a conversation `c`, short to write. */
import { emptyState, type LogEvent, reduceAll } from "@everthread/protocol"

export function message(seq: number, text: string, over: { key?: string; device?: string } = {}): LogEvent {
  const { key = `key-${seq}`, device = "phone" } = over
  return { type: "message", time: 0, by: { user: "ada", device }, id: `m${seq}`, key, text, seq }
}

export function events(prev: string, cursor: string, ...list: readonly LogEvent[]) {
  return { type: "events" as const, conversation: "c", prev, cursor, events: [...list] }
}

export function snapshot(reason: "fresh" | "trimmed" | "diverged", cursor: string, ...list: readonly LogEvent[]) {
  return { type: "snapshot" as const, conversation: "c", reason, cursor, state: reduceAll(emptyState, list) }
}

export function upToDate(cursor: string) {
  return { type: "upToDate" as const, conversation: "c", cursor }
}

export function stored(seq: number) {
  return { conversation: "c", cursor: `${seq}-x`, seq, duplicate: false }
}
