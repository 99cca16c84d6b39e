/** A question and a payment, in a real process that dies in between. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { textOf } from "@everthread/protocol"
import { NativeClient } from "../../server/test/support/native-client.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder = ""
const serving: Serving[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-questions-"))
})
afterEach(async () => {
  for (const { child, ended } of serving.splice(0)) {
    child.kill("SIGKILL")
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
})

const receiptsFile = () => join(folder, "receipts")

async function start(expiresMs: number) {
  const env = { RECEIPTS: receiptsFile(), EXPIRES_MS: String(expiresMs) }
  const one = serve(["--data", join(folder, "data"), "--graph", agentFile("asks")], env)
  serving.push(one)
  const port = Number(new URL(await one.ready).port)
  const connect = (user: string, device: string) => NativeClient.connect(port, { user, device })
  return { ...one, connect }
}

const conversation = "c"
const spoken = (client: NativeClient) => client.log(conversation).state.messages.map(textOf)
const question = (client: NativeClient) => client.log(conversation).state.interrupts[0]

async function asked(client: NativeClient): Promise<void> {
  await client.must({ type: "create", key: "k", conversation, agent: "agent", members: ["bob"] })
  await client.follow(conversation)
  await client.must({ type: "send", key: "s", conversation, text: "book" })
  await client.until("the question", () => question(client) !== undefined)
}

test("[ASK3] [TOO1] after kill -9 and a start anew the question expires, and what was paid is paid once", async () => {
  const first = await start(3_000)
  const phone = await first.connect("ada", "phone")
  await asked(phone)
  const { id, expiresAt } = question(phone) ?? {}
  await phone.until("the wait", () => phone.log(conversation).state.runs[0]?.status === "waiting")
  first.child.kill("SIGKILL")
  await first.ended
  const second = await start(3_000)
  const laptop = await second.connect("ada", "laptop")
  await laptop.follow(conversation)
  await laptop.until("the end", () => laptop.log(conversation).state.runs[0]?.status === "completed")
  expect(spoken(laptop).at(-1)).toBe("receipt 7, people 2")
  expect(question(laptop)).toMatchObject({ id, expiresAt, default: 2, answer: { value: 2 } })
  expect(question(laptop)?.answer).not.toHaveProperty("by")
  expect(readFileSync(receiptsFile(), "utf8").trim().split("\n")).toHaveLength(1)
  const late = { type: "respond", key: "r", conversation, interrupt: id, value: 5 }
  expect(await laptop.refusal(late)).toMatchObject({
    code: "already_answered",
    message: expect.stringContaining("expired") as unknown,
  })
})

test("[ASK1] [RUN5] an answer that does not fit is refused, one that fits goes on, and who comes late is told", async () => {
  const { connect } = await start(3_600_000)
  const [phone, tablet] = [await connect("ada", "phone"), await connect("bob", "tablet")]
  await asked(phone)
  const { id, schema } = question(phone) ?? {}
  expect(schema).toEqual({ type: "integer", minimum: 1 })
  const respond = (key: string, value: unknown) => ({ type: "respond", key, conversation, interrupt: id, value })
  for (const [key, value] of [
    ["r1", "four"],
    ["r2", 0],
    ["r3", null],
    ["r4", 1.5],
  ] as const) {
    expect(await tablet.refusal(respond(key, value))).toMatchObject({ code: "invalid_field", field: "value" })
  }
  await tablet.must(respond("r5", 4))
  await phone.until("the end", () => phone.log(conversation).state.runs[0]?.status === "completed")
  expect(spoken(phone).at(-1)).toBe("receipt 7, people 4")
  expect(question(phone)?.answer).toMatchObject({ by: { user: "bob" }, value: 4 })
  expect((await phone.refusal(respond("r6", 5))).message).toContain("by bob")
  expect(readFileSync(receiptsFile(), "utf8").trim().split("\n")).toHaveLength(1)
})
