/** One good frame of every type: what a client may send and what the server may say. */
import type { ConversationState, DownFrame, DownFrameType, UpFrame, UpFrameType } from "@everthread/protocol"

const about = { id: 1, key: "k1", conversation: "plans" } as const

export const upSamples: { readonly [T in UpFrameType]: Extract<UpFrame, { type: T }> } = {
  hello: { type: "hello", protocol: 1, device: "phone", user: "ann" },
  token: { type: "token", id: 1, token: "eyJ…" },
  ping: { type: "ping", id: 1 },
  create: { type: "create", ...about, title: "Plans", agent: "scribe", members: ["bob"] },
  "conversation.update": { type: "conversation.update", ...about, title: "Plans for May", whenBusy: "steer" },
  conversations: { type: "conversations", id: 1 },
  subscribe: { type: "subscribe", id: 1, conversation: "plans", cursor: "12-Xy3" },
  unsubscribe: { type: "unsubscribe", id: 1, conversation: "plans" },
  history: { type: "history", id: 1, conversation: "plans", before: 12, limit: 50 },
  checkpoints: { type: "checkpoints", id: 1, conversation: "plans", agent: "scribe", before: "1ef-2", limit: 20 },
  checkpoint: { type: "checkpoint", id: 1, conversation: "plans", checkpoint: "1ef-2" },
  fork: { type: "fork", ...about, checkpoint: "1ef-2", title: "Another way", members: ["bob"] },
  members: { type: "members", id: 1, conversation: "plans" },
  "member.add": { type: "member.add", ...about, user: "bob", role: "member" },
  "member.remove": { type: "member.remove", ...about, user: "bob" },
  send: { type: "send", ...about, text: "hello" },
  edit: { type: "edit", ...about, message: "m1", text: "hello all" },
  redact: { type: "redact", ...about, message: "m1" },
  react: { type: "react", ...about, message: "m1", reaction: "👍", on: true },
  read: { type: "read", ...about, upTo: 12 },
  typing: { type: "typing", conversation: "plans", on: true },
  stop: { type: "stop", ...about, run: "r1" },
  promote: { type: "promote", ...about, run: "r2" },
  regenerate: { type: "regenerate", ...about, run: "r2" },
  respond: { type: "respond", ...about, interrupt: "i1", value: { approved: true } },
}

const by = { user: "ann", device: "phone" }
const state: ConversationState = {
  seq: 12,
  title: "Plans",
  members: { ann: "owner" },
  messages: [{ id: "m1", seq: 3, time: 1, role: "user", status: "complete", by, key: "k1", text: "hello", blocks: [] }],
  older: false,
  wholeFrom: 0,
  messageCount: 1,
  runs: [],
  interrupts: [],
  receipts: { ann: 3 },
}
const notMember = {
  code: "not_member",
  message: "Only members of the conversation may do this.",
  retryable: false,
} as const

export const downSamples: { readonly [T in DownFrameType]: Extract<DownFrame, { type: T }> } = {
  welcome: {
    type: "welcome",
    protocol: 1,
    ...by,
    node: "node-1",
    connection: "c1",
    heartbeatMs: 15_000,
    agents: ["helper"],
    limits: { frameBytesMax: 1_048_576, textCharsMax: 10_000 },
  },
  ok: { type: "ok", id: 1, result: { conversation: "plans", cursor: "12-Xy3", seq: 12, duplicate: false } },
  error: { type: "error", id: 1, error: notMember },
  events: {
    type: "events",
    conversation: "plans",
    prev: "10-a",
    cursor: "12-b",
    events: [{ type: "delta", message: "a1", block: 0, at: 0, text: "Hello", seq: 12 }],
  },
  snapshot: { type: "snapshot", conversation: "plans", reason: "fresh", cursor: "12-Xy3", state },
  upToDate: { type: "upToDate", conversation: "plans", cursor: "12-Xy3" },
  unsubscribed: { type: "unsubscribed", conversation: "plans", error: notMember },
  typing: { type: "typing", conversation: "plans", by, on: true },
  presence: { type: "presence", conversation: "plans", by, on: false },
  unheard: { type: "unheard", conversation: "plans" },
  queue: { type: "queue", conversation: "plans", run: "r1", position: 3 },
  membership: { type: "membership", conversation: "plans" },
}
