/** The one place that calls handlers: whatever they throw is an outcome, and a repeat gets the first answer. */
import { type Engine, EngineError } from "@everthread/engine"
import { systemClock } from "@everthread/protocol"
import { seededRandom } from "../../../../test/support/seeded-random.ts"
import type { Command, CommandOf } from "../../src/core/command.ts"
import type { ConnectionPort } from "../../src/core/commands/handler.ts"
import type { Core } from "../../src/core/core.ts"
import { createCore } from "../../src/core/create-core.ts"
import { execute } from "../../src/core/dispatch.ts"
import { done, refused } from "../../src/core/outcome.ts"
import { type RecordingLog, recordingLog } from "../support/quiet-log.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests()
const connection: ConnectionPort = {
  subscribe: () => done({ start: () => undefined }),
  unsubscribe: () => false,
  isSubscribed: () => false,
  renew: async () => refused("unauthorized"),
}

interface CoreUnderTest {
  readonly core: Core
  readonly log: RecordingLog
  run(user: string, command: Command, device?: string): ReturnType<typeof execute>
}

function coreOn(engine: Engine, sends = 1_000): CoreUnderTest {
  const log = recordingLog()
  const core = createCore({
    node: "node-t",
    engine,
    clock: systemClock,
    random: seededRandom(7),
    log,
    agents: { names: [] },
    authenticator: { required: true },
    config: { rateLimit: { sends, changes: 1_000, windowMs: 600_000 }, retention: { daysMax: 0, messagesMax: 0 } },
    connections: () => 0,
  })
  const run: CoreUnderTest["run"] = (user, command, device = "phone") =>
    execute({ core, actor: { user, device }, connection }, command as CommandOf<Command["type"]>)
  return { core, log, run }
}

/** The engine, one of whose operations fails. */
function failing(engine: Engine, error: Error): Engine {
  const role = () => Promise.reject(error)
  return { ...engine, directory: { ...engine.directory, role } }
}

let made = 0
const freshName = () => `d-${++made}`

describe("dispatch", () => {
  test.each([
    [new EngineError("unavailable", "away"), "unavailable"],
    [new EngineError("unknown", "who knows"), "unavailable"],
    [new EngineError("closed", "closed"), "unavailable"],
    [new EngineError("read-only", "full"), "read_only"],
  ])("[CON6] a failure of the store is an outcome: %s", async (error, code) => {
    const { run, log } = coreOn(failing(current().engine, error))
    expect(await run("ada", { type: "members", conversation: "c" })).toMatchObject({
      ok: false,
      error: { code, retryable: true, retryAfterMs: expect.any(Number) },
    })
    expect(log.lines).toEqual([])
  })

  test("[CON6] a handler that throws is an outcome, and a line in the log that names the command", async () => {
    const { run, log } = coreOn(failing(current().engine, new TypeError("a defect")))
    expect(await run("ada", { type: "members", conversation: "c" })).toMatchObject({
      ok: false,
      error: { code: "internal" },
    })
    expect(log.lines).toMatchObject([{ level: "error", fields: { command: "members", user: "ada" } }])
  })

  test("[ACK3] who is refused now but was right the first time gets the first answer", async () => {
    const { run } = coreOn(current().engine)
    const conversation = freshName()
    await run("ada", { type: "create", key: "k", conversation, members: ["bob"] })
    const send: Command = { type: "send", key: "s", conversation, text: "before I left" }
    const first = await run("bob", send)
    expect(first).toMatchObject({ ok: true, result: { duplicate: false } })
    const leave: Command = { type: "member.remove", key: "l", conversation, user: "bob" }
    const left = await run("bob", leave)
    expect(left).toMatchObject({ ok: true, result: { duplicate: false } })
    const { result } = first as { result: object }
    expect(await run("bob", send)).toMatchObject({ ok: true, result: { ...result, duplicate: true } })
    expect(await run("bob", leave)).toMatchObject({ ok: true, result: { duplicate: true } })
    expect(await run("bob", { ...send, key: "new" })).toMatchObject({ ok: false, error: { code: "not_member" } })
  })

  test("[ACK3] a repeat beyond the rate limit still gets the first answer", async () => {
    const { run } = coreOn(current().engine, 3)
    const conversation = freshName()
    await run("ada", { type: "create", key: "k", conversation })
    const send = (key: string): Command => ({ type: "send", key, conversation, text: "hello" })
    for (const key of ["1", "2", "3"]) expect((await run("ada", send(key))).ok).toBe(true)
    expect(await run("ada", send("4"))).toMatchObject({
      ok: false,
      error: { code: "rate_limited", retryAfterMs: expect.any(Number), retryable: true },
    })
    expect(await run("ada", send("2"))).toMatchObject({ ok: true, result: { duplicate: true } })
  })

  test("[NOD3] [ACK3] a user makes conversations no more often than the limit says, forks among them, and a repeat still gets the first answer", async () => {
    const { run } = coreOn(current().engine, 3)
    const create = (key: string): Command => ({ type: "create", key, title: "Plans" })
    const first = create(freshName())
    const { result } = (await run("eve", first)) as { result: { conversation: string } }
    expect(await run("eve", create(freshName()))).toMatchObject({ ok: true })
    const fork = (key: string): Command => ({ type: "fork", key, conversation: result.conversation })
    const forked = freshName()
    expect(await run("eve", fork(forked))).toMatchObject({ ok: true })
    const limited = { ok: false, error: { code: "rate_limited", message: "Too many conversations; wait 600 s." } }
    expect(await run("eve", create(freshName()))).toMatchObject(limited)
    expect(await run("eve", fork(freshName()))).toMatchObject(limited)
    expect(await run("eve", { type: "join", conversation: freshName() })).toMatchObject(limited)
    expect(await run("eve", first)).toMatchObject({ ok: true, result: { ...result, duplicate: true } })
    expect(await run("eve", fork(forked))).toMatchObject({ ok: true, result: { duplicate: true } })
    expect(await run("bob", create(freshName()))).toMatchObject({ ok: true })
  })

  test("[ACK3] a create that is repeated without an id names the first conversation", async () => {
    const { run } = coreOn(current().engine)
    const create: Command = { type: "create", key: freshName(), title: "Plans" }
    const first = (await run("ada", create)) as { result: { conversation: string } }
    expect(await run("ada", create)).toMatchObject({ ok: true, result: { ...first.result, duplicate: true } })
    expect(await run("ada", { ...create, title: "Other plans" })).toMatchObject({
      ok: false,
      error: { code: "key_reused" },
    })
    const tablet = (await run("ada", create, "tablet")) as { result: { conversation: string; duplicate: boolean } }
    expect(tablet.result.duplicate).toBe(false)
    expect(tablet.result.conversation).not.toBe(first.result.conversation)
  })

  test("[CON5] what one is no member of looks like what does not exist, for every command", async () => {
    const { run } = coreOn(current().engine)
    const conversation = freshName()
    await run("ada", { type: "create", key: "k", conversation })
    const key = "x"
    const about = (conversation: string): Command[] => [
      { type: "subscribe", conversation },
      { type: "history", conversation },
      { type: "members", conversation },
      { type: "status", conversation },
      { type: "join", conversation },
      { type: "send", key, conversation, text: "hi" },
      { type: "edit", key, conversation, message: "m", text: "hi" },
      { type: "redact", key, conversation, message: "m" },
      { type: "react", key, conversation, message: "m", reaction: "👍", on: true },
      { type: "read", key, conversation, upTo: 1 },
      { type: "stop", key, conversation },
      { type: "respond", key, conversation, interrupt: "i", value: 1 },
      { type: "member.add", key, conversation, user: "eve" },
      { type: "member.remove", key, conversation, user: "ada" },
    ]
    const absent = freshName()
    const answers = async (name: string) =>
      Promise.all(
        about(name)
          .filter(({ type }) => type !== "join")
          .map((command) => run("eve", command)),
      )
    const hidden = JSON.stringify(await answers(conversation)).replaceAll(conversation, "NAME")
    const missing = JSON.stringify(await answers(absent)).replaceAll(absent, "NAME")
    expect(hidden).toBe(missing)
    expect(await run("eve", { type: "join", conversation })).toMatchObject({ ok: false, error: { code: "not_member" } })
  })

  test("[CON5] whoever was removed cannot type, though their device has not come to the end of its subscription", async () => {
    const conversation = freshName()
    const { core, run } = coreOn(current().engine)
    await run("ada", { type: "create", key: "k", conversation, members: ["bob"] })
    const typing = (user: string) =>
      execute(
        { core, actor: { user, device: "phone" }, connection: { ...connection, isSubscribed: () => true } },
        { type: "typing", conversation, on: true },
      )
    expect(await typing("bob")).toMatchObject({ ok: true })
    await run("ada", { type: "member.remove", key: "r", conversation, user: "bob" })
    expect(await typing("bob")).toMatchObject({ ok: false, error: { code: "not_member" } })
  })
})
