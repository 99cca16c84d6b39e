/**
 * Requests that are wrong, as a table: each gets an error that says what, where and how much would be right; the
 * connection stays; a second one still sends and receives; and all that was acknowledged is still there.
 */
import { type ErrorCode, limits } from "@everthread/protocol"
import type { LocalLog } from "../support/local-log.ts"
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()
const conversation = "town-hall"
let bad: NativeClient
let good: NativeClient
let goodLog: LocalLog
let key = 0

beforeAll(async () => {
  good = await current().connect({ user: "ada" })
  await good.must({ type: "create", key: "k", conversation, members: ["mallory"] })
  await good.must({ type: "create", key: "k", conversation: "private" })
  await good.must({ type: "send", key: "before", conversation, text: "acknowledged before" })
  goodLog = await good.follow(conversation)
  bad = await current().connect({ user: "mallory" })
})

afterEach(async () => {
  expect(bad.socket.readyState).toBe(bad.socket.OPEN)
  const name = `still-here-${key++}`
  const { cursor } = await good.must({ type: "send", key: name, conversation, text: name })
  await good.until("its own message", () => goodLog.cursor === cursor)
  expect(goodLog.texts.at(-1)).toBe(name)
  expect(goodLog.texts).toContain("acknowledged before")
  expect(goodLog.faults).toEqual([])
  expect(Object.prototype).not.toHaveProperty("polluted")
})

interface Expected {
  readonly code: ErrorCode
  readonly field?: string
  readonly limit?: number
}

const send = { type: "send", id: 1, key: "k", conversation, text: "hi" }
const long = (length: number) => "x".repeat(length)
const field = (name: string, limit?: number): Expected => ({
  code: "invalid_field",
  field: name,
  ...(limit === undefined ? {} : { limit }),
})

const table: [string, object | string, Expected][] = [
  ["no type", { id: 1 }, field("type")],
  ["a type that is no text", { type: 7, id: 1 }, field("type")],
  ["an unknown type", { type: "sned", id: 1 }, { code: "unknown_command", field: "type" }],
  ["a type that every object has", { type: "constructor", id: 1 }, { code: "unknown_command", field: "type" }],
  ["a type that is very long", { type: long(100_000), id: 1 }, { code: "unknown_command", field: "type" }],
  ["no id", { ...send, id: undefined }, field("id")],
  ["a negative id", { ...send, id: -1 }, field("id")],
  ["an id that is no whole number", { ...send, id: 1.5 }, field("id")],
  ["an id beyond what numbers hold", '{"type":"ping","id":1e400}', field("id")],
  ["an id that loses its last digits", '{"type":"ping","id":9007199254740993}', field("id")],
  ["no text", { ...send, text: undefined }, field("text")],
  ["an empty text", { ...send, text: "" }, field("text", 1)],
  ["a blank text", { ...send, text: " \n\t " }, field("text")],
  ["a text that is no text", { ...send, text: { toString: "x" } }, field("text")],
  [
    "a text of one character too many",
    { ...send, text: long(limits.textCharsMax + 1) },
    field("text", limits.textCharsMax),
  ],
  ["half a character", { ...send, text: "lone \ud800 surrogate" }, field("text")],
  [
    "half a character at the end",
    '{"type":"send","id":1,"key":"k","conversation":"town-hall","text":"x\\udc00"}',
    field("text"),
  ],
  ["no key", { ...send, key: undefined }, field("key")],
  ["a key that is null", { ...send, key: null }, field("key")],
  ["a key that is too long", { ...send, key: long(limits.keyCharsMax + 1) }, field("key", limits.keyCharsMax)],
  ["a key with a space", { ...send, key: "a b" }, field("key")],
  ["a key with a control character", { ...send, key: "a\u0000b" }, field("key")],
  ["no conversation", { ...send, conversation: undefined }, field("conversation")],
  ["an empty conversation", { ...send, conversation: "" }, field("conversation", 1)],
  ["a conversation in a list", { ...send, conversation: [conversation] }, field("conversation")],
  ["a conversation with a line feed", { ...send, conversation: "a\nb" }, field("conversation")],
  ["a conversation that turns text around", { ...send, conversation: "a\u202eb" }, field("conversation")],
  ["a conversation named as no object's key may be", { ...send, conversation: "__proto__" }, field("conversation")],
  [
    "a conversation that is too long",
    { ...send, conversation: long(limits.conversationIdCharsMax + 1) },
    field("conversation", limits.conversationIdCharsMax),
  ],
  [
    "a conversation of somebody else",
    { ...send, conversation: "private" },
    { code: "not_member", field: "conversation" },
  ],
  [
    "a conversation that does not exist",
    { ...send, conversation: "nowhere" },
    { code: "not_member", field: "conversation" },
  ],
  [
    "a subscription to somebody else's",
    { type: "subscribe", id: 1, conversation: "private" },
    { code: "not_member", field: "conversation" },
  ],
  [
    "a receipt in somebody else's",
    { type: "read", id: 1, key: "k", conversation: "private", upTo: 1 },
    { code: "not_member", field: "conversation" },
  ],
  [
    "a receipt where nothing is",
    { type: "read", id: 1, key: "k", conversation: "nowhere", upTo: 1 },
    { code: "not_member", field: "conversation" },
  ],
  ["a malformed cursor", { type: "subscribe", id: 1, conversation, cursor: "latest" }, field("cursor")],
  ["a cursor with a negative place", { type: "subscribe", id: 1, conversation, cursor: "-1-abc" }, field("cursor")],
  ["a cursor with a leading zero", { type: "subscribe", id: 1, conversation, cursor: "01-abc" }, field("cursor")],
  [
    "a cursor beyond all numbers",
    { type: "subscribe", id: 1, conversation, cursor: `${"9".repeat(30)}-abc` },
    field("cursor"),
  ],
  ["a cursor that is a number", { type: "subscribe", id: 1, conversation, cursor: 5 }, field("cursor")],
  ["a page of history of none", { type: "history", id: 1, conversation, limit: 0 }, field("limit", 1)],
  [
    "a page of history that is too large",
    { type: "history", id: 1, conversation, limit: 1_000_000 },
    field("limit", limits.historyPageMax),
  ],
  ["history before a negative place", { type: "history", id: 1, conversation, before: -5 }, field("before", 0)],
  [
    "an answer to nothing",
    { type: "respond", id: 1, key: "k", conversation, interrupt: "i", value: 1 },
    { code: "not_found", field: "interrupt" },
  ],
  ["an answer without a value", { type: "respond", id: 1, key: "k", conversation, interrupt: "i" }, field("value")],
  [
    "an answer that is too large",
    { type: "respond", id: 1, key: "k", conversation, interrupt: "i", value: long(limits.answerBytesMax) },
    field("value", limits.answerBytesMax),
  ],
  [
    "a stop of a run that is not there",
    { type: "stop", id: 1, key: "k", conversation, run: "r" },
    { code: "not_found", field: "run" },
  ],
  [
    "a reaction that is too long",
    { type: "react", id: 1, key: "k", conversation, message: "m", reaction: long(33), on: true },
    field("reaction", limits.reactionCharsMax),
  ],
  [
    "a reaction that is a prototype",
    { type: "react", id: 1, key: "k", conversation, message: "m", reaction: "__proto__", on: true },
    field("reaction"),
  ],
  [
    "an edit of a message that is not there",
    { type: "edit", id: 1, key: "k", conversation, message: "m", text: "x" },
    { code: "not_found", field: "message" },
  ],
  [
    "too many members",
    { type: "create", id: 1, key: "k", members: Array.from({ length: limits.membersMax + 1 }, (_, at) => `u${at}`) },
    field("members", limits.membersMax),
  ],
  ["a member that is no name", { type: "create", id: 1, key: "k", members: ["bob", ""] }, field("members.1", 1)],
  [
    "a role that does not exist",
    { type: "member.add", id: 1, key: "k", conversation, user: "bob", role: "admin" },
    field("role"),
  ],
  [
    "a conversation that exists",
    { type: "create", id: 1, key: "k", conversation: "private" },
    { code: "already_exists", field: "conversation" },
  ],
  ["an agent that does not exist", { ...send, agent: "nobody" }, { code: "not_found", field: "agent" }],
  ["a second hello", { type: "hello", protocol: 1, user: "mallory", device: "phone" }, { code: "hello_repeated" }],
  [
    "a token where authentication is off",
    { type: "token", id: 1, token: long(9_000) },
    field("token", limits.tokenCharsMax),
  ],
]

describe("wrong requests", () => {
  test.each(table)("[CON2] [CON6] %s", async (_, frame, expected) => {
    const seen = bad.frames.length
    bad.send(frame)
    await bad.until("an answer", () => bad.frames.length > seen)
    expect(bad.frames[seen]).toMatchObject({ type: "error", error: { ...expected, retryable: false } })
    const { error } = bad.frames[seen] as { error: { message: string } }
    expect(error.message.length).toBeGreaterThan(10)
    expect(error.message.length).toBeLessThan(600)
  })

  test("[CON2] an unknown command names the nearest known one", async () => {
    expect(await bad.refusal({ type: "subscrbe" })).toMatchObject({ message: expect.stringContaining("subscribe") })
  })

  test("[CON5] a stranger learns nothing about whether a conversation exists", async () => {
    const ask = async (name: string) => JSON.stringify(await bad.refusal({ type: "subscribe", conversation: name }))
    expect((await ask("private")).replace("private", "X")).toBe((await ask("nowhere")).replace("nowhere", "X"))
  })

  test("[CON6] keys that would change every object change none", async () => {
    const nasty =
      '{"type":"ping","id":1000001,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'
    bad.send(nasty)
    expect(await bad.reply(1_000_001)).toMatchObject({ type: "ok" })
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as object
    await bad.refusal({ type: "respond", key: "p", conversation, interrupt: "i", value })
    const names = ["toString", "constructor", "hasOwnProperty"]
    for (const name of names) await good.must({ type: "member.add", key: `add-${name}`, conversation, user: name })
    await good.until("them", () => names.every((name) => Object.hasOwn(goodLog.state.members, name)))
    expect(await good.must({ type: "members", conversation })).toMatchObject({ members: expect.any(Array) })
  })

  test("[CON2] fields that nobody knows are not stored", async () => {
    const { cursor } = await bad.must({ ...send, id: 77, key: "extra", text: "plain", evil: { deep: [1] } })
    await good.until("it", () => goodLog.cursor === cursor)
    expect(goodLog.events.at(-1)).not.toHaveProperty("evil")
  })

  test("[CON6] a flood of wrong requests is answered one by one, in order", async () => {
    const seen = bad.frames.length
    const count = 500
    for (let at = 0; at < count; at++) bad.send({ type: "nonsense", id: at })
    await bad.until("every answer", () => bad.frames.length === seen + count)
    const ids = bad.frames.slice(seen).map((frame) => (frame as { id?: number }).id)
    expect(ids).toEqual(Array.from({ length: count }, (_, at) => at))
  })
})
