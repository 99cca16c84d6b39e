/** Events for tests that care about places more than about words. */

import type { Entry } from "@everthread/engine"
import type { EventBody } from "@everthread/protocol"
import { formatCursor } from "@everthread/protocol"

export const time = 1_790_000_000_000
export const by = { user: "ada", device: "phone" }

export const message = (name: string, text = name): EventBody => ({
  type: "message",
  time,
  by,
  id: `m-${name}`,
  key: `k-${name}`,
  text,
})

export const removed = (user: string): EventBody => ({ type: "member.removed", time, by, user })
export const attempt = (run: string): EventBody => ({ type: "run.attempt", time, run, attempt: 1, node: "node-a" })

export const queued = (run: string, message: string): EventBody => ({
  type: "run.queued",
  time,
  by,
  run,
  agent: "scribe",
  message,
})

const output = (id: string, data: { [key: string]: string | number | object }, run = "r"): EventBody =>
  ({ type: "agent", time, run, method: "messages", ns: [], message: id, data }) as EventBody

/** What an assistant's message begins with. */
export const opening = (id: string, run?: string): readonly EventBody[] => [
  output(id, { event: "message-start" }, run),
  output(id, { event: "content-block-start", index: 0, content: { type: "text", text: "" } }, run),
]
export const closing = (id: string, run?: string): EventBody => output(id, { event: "message-finish" }, run)

export const delta = (id: string, at: number, text: string): EventBody => ({
  type: "delta",
  message: id,
  block: 0,
  at,
  text,
})

export const entryOf = (seq: number, body: EventBody, nonce = "aaaaaaaa"): Entry => ({
  cursor: formatCursor(seq, nonce),
  seq,
  body: JSON.stringify(body),
})
