/** What the AI SDK's client would never send: each gets an error of its own, and the connection goes on. */
import { claimNext } from "../langgraph/support/nodes.ts"
import { nodeForTests } from "../support/start-node.ts"
import { eventsIn } from "./support/log.ts"
import { fresh } from "./support/page.ts"
import { RawChat, words } from "./support/raw-chat.ts"

const node = nodeForTests({ agents: ["scribe"] })
const open: RawChat[] = []
afterEach(() => {
  for (const chat of open.splice(0)) chat.close()
})

async function connect(query?: string): Promise<RawChat> {
  const chat = await RawChat.open({ port: node().port, ...(query === undefined ? {} : { query }) })
  open.push(chat)
  return chat
}

const send = (more: object) => ({
  type: "send",
  requestId: "r",
  id: "c",
  trigger: "submit-message",
  messages: [words("m", "Hi")],
  headers: {},
  body: {},
  ...more,
})

const wrong: readonly (readonly [string, object, string])[] = [
  ["a type that nobody knows", { ...send({}), type: "sned" }, "type"],
  ["no type", { requestId: "r" }, "type"],
  ["no chat", send({ id: undefined }), "id"],
  ["a chat's id with a space", send({ id: "my chat" }), "id"],
  ["another trigger", send({ trigger: "continue" }), "trigger"],
  ["no messages", send({ messages: [] }), "messages"],
  ["messages that are none", send({ messages: "Hi" }), "messages"],
  ["more messages than a page has", send({ messages: Array.from({ length: 10_001 }, () => 0) }), "messages"],
  ["a message that is none", send({ messages: [words("m", "Hi"), "Hi"] }), "messages.1"],
  ["a message without parts", send({ messages: [{ id: "m", role: "user", content: "Hi" }] }), "messages.0.parts"],
  ["a message without an id", send({ messages: [{ role: "user", parts: [] }] }), "messages.0.id"],
  ["a system message", send({ messages: [{ id: "m", role: "system", parts: [] }] }), "messages.0.role"],
  [
    "a file",
    send({ messages: [{ id: "m", role: "user", parts: [{ type: "file", url: "x" }] }] }),
    "messages.0.parts.0",
  ],
  ["a blank text", send({ messages: [words("m", "  ")] }), "messages.0.parts"],
  ["a text that is too long", send({ messages: [words("m", "x".repeat(10_001))] }), "messages.0.parts"],
  ["an agent that is not served", send({ body: { agent: "nobody" } }), "body.agent"],
  ["an agent that is no name", send({ body: { agent: 7 } }), "body.agent"],
  ["a policy that there is not", send({ body: { whenBusy: "later" } }), "body.whenBusy"],
  ["headers that are none", send({ headers: { authorization: 7 } }), "headers.authorization"],
  [
    "too many headers",
    send({ headers: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`h${at}`, ""])) }),
    "headers",
  ],
]

test.each(wrong)(
  "[AIS5] [CON2] %s is refused with the field's name, and the connection goes on",
  async (_what, frame, field) => {
    const chat = await connect()
    chat.send(frame)
    const error = await chat.heard("r")
    expect(error).toMatchObject({ type: "error", field, errorText: expect.stringContaining("") })
    expect(error.errorText).not.toBe("")
    chat.send({ type: "resume", requestId: "after", id: fresh(), headers: {}, body: {} })
    expect(await chat.heard("after")).toEqual({ type: "no-active", requestId: "after" })
  },
)

test("[AIS5] text that is no frame is answered without an id, and the connection goes on", async () => {
  const chat = await connect()
  chat.send("{")
  chat.send("[]")
  chat.send({ type: "abort" })
  await chat.until(() => chat.frames.length === 3)
  expect(chat.frames.map(({ type, requestId, code }) => [type, requestId, code])).toEqual([
    ["error", "", "bad_frame"],
    ["error", "", "bad_frame"],
    ["error", "", "invalid_field"],
  ])
  chat.send({ type: "resume", requestId: "after", id: fresh() })
  expect((await chat.heard("after")).type).toBe("no-active")
})

test("[AIS5] what was never asked may be aborted; an id that is in use is refused", async () => {
  const id = fresh()
  const chat = await connect()
  chat.send({ type: "abort", requestId: "never" })
  chat.say(id, "r", words("m-1", "One"))
  const run = await claimNext(node(), id)
  await chat.heard("r", ({ chunk }) => chunk?.type === "start")
  chat.say(id, "r", words("m-2", "Two"))
  expect(await chat.heard("r", ({ type }) => type === "error")).toMatchObject({ field: "requestId" })
  await run.answer("a-1", "1")
  await run.end()
  await chat.heard("r", ({ type }) => type === "end")
  expect((await eventsIn(node().engine, id, "message")).map(({ text }) => text)).toEqual(["One"])
})

test("[AIS5] more requests than a page has are refused; those that are open go on", async () => {
  const id = fresh()
  const chat = await connect()
  chat.say(id, "r-0", words("m", "One"))
  const run = await claimNext(node(), id)
  for (let at = 1; at <= 64; at++) chat.send({ type: "resume", requestId: `r-${at}`, id })
  expect(await chat.heard("r-64")).toMatchObject({ type: "error", code: "limit_reached" })
  await run.answer("a-1", "1")
  await run.end()
  await Promise.all(["r-0", "r-63"].map((request) => chat.heard(request, ({ type }) => type === "end")))
})

test("[AIS1] [ACK3] what is repeated under one id is one message and one run, and both are told its answer", async () => {
  const id = fresh()
  const [one, other] = [await connect(), await connect()]
  one.say(id, "r-1", words("m", "Once only"))
  other.say(id, "r-2", words("m", "Once only"))
  const run = await claimNext(node(), id)
  await run.answer("a-1", "Yes")
  await run.end()
  await one.heard("r-1", ({ type }) => type === "end")
  await other.heard("r-2", ({ type }) => type === "end")
  expect(await eventsIn(node().engine, id, "run.queued")).toHaveLength(1)
  const told = ({ frames }: RawChat) => frames.map(({ chunk }) => chunk).filter((chunk) => chunk?.type === "text-delta")
  expect(
    told(one)
      .map((chunk) => chunk?.["delta"])
      .join(""),
  ).toBe("Yes")
  expect(
    told(other)
      .map((chunk) => chunk?.["delta"])
      .join(""),
  ).toBe("Yes")
  one.say(id, "r-3", words("m", "Changed"))
  expect(await one.heard("r-3")).toMatchObject({ type: "error", code: "key_reused", field: "messages.0.id" })
})
