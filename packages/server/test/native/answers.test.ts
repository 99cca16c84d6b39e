/** Answers to what agents ask: one counts, it fits what was asked, and nobody's schema harms anybody. */
import { type Engine, freshNonce, questionExpired, questionValueName } from "@everthread/engine"
import { type EventBody, type Json, systemRandom } from "@everthread/protocol"
import type { NativeClient } from "../support/native-client.ts"
import { nodeForTests } from "../support/start-node.ts"

const current = nodeForTests({ agents: ["agent"] })
let made = 0

type Terms = { readonly schema?: { readonly [keyword: string]: Json }; readonly expiresAt?: number }

/** What a worker appends. */
async function store(engine: Engine, conversation: string, bodies: EventBody[], expect?: { name: string }) {
  const result = await engine.log.append({
    conversation,
    nonce: freshNonce(systemRandom),
    bodies: bodies.map((body) => JSON.stringify(body)),
    ...(expect ? { expect: { name: expect.name, is: null, becomes: questionExpired } } : {}),
  })
  return result.status
}

/** A conversation with a run that asks these questions, by their ids. */
async function asked(questions: { readonly [id: string]: Terms }) {
  const { engine, connect } = current()
  const conversation = `answers-${++made}`
  const run = `run-${made}`
  const ada = await connect({ user: "ada" })
  await ada.must({ type: "create", key: "k", conversation, members: ["bob"] })
  const by = { user: "ada", device: "phone" }
  await store(engine, conversation, [
    { type: "run.queued", time: 1, by, run, agent: "agent", message: "m" },
    ...Object.entries(questions).map(
      ([interrupt, { schema, ...terms }]): EventBody => ({
        type: "input.requested",
        time: 1,
        run,
        interrupt,
        value: "well?",
        ...(schema ? { schema: { ...schema } } : {}),
        ...terms,
      }),
    ),
    { type: "run.waiting", time: 1, run },
  ])
  let keys = 0
  const respond = (interrupt: string, value: Json, device: NativeClient = ada) =>
    device.request({ type: "respond", key: `r${++keys}`, conversation, interrupt, value })
  const refusal = async (interrupt: string, value: Json, device: NativeClient = ada) => {
    const reply = await respond(interrupt, value, device)
    if (reply.type === "ok") throw new Error("it was not refused")
    return reply.error
  }
  return { engine, conversation, run, ada, bob: await connect({ user: "bob", device: "tablet" }), respond, refusal }
}

const booking = {
  type: "object",
  properties: { people: { type: "integer", minimum: 1 }, names: { type: "array", items: { type: "string" } } },
  required: ["people"],
  additionalProperties: false,
}

describe("answers", () => {
  test.each<[Json, string, string]>([
    [{ people: "four" }, "value.people", "integer"],
    [{ people: 0 }, "value.people", "less than 1"],
    [{}, "value", "people"],
    [{ people: 2, names: ["a", 5] }, "value.names.1", "string"],
    [{ people: 2, extra: 1 }, "value.extra", "nothing may stand here"],
    ["yes", "value", "object"],
    [null, "value", "object"],
  ])("[ASK1] %j does not fit, and is told where and why", async (value, field, reason) => {
    const { refusal, respond, engine, conversation } = await asked({ q: { schema: booking } })
    const before = await engine.log.head(conversation)
    const error = await refusal("q", value)
    expect(error).toMatchObject({ code: "invalid_field", field, retryable: false })
    expect(error.message).toContain(reason)
    expect(await engine.log.head(conversation)).toBe(before)
    expect(await respond("q", { people: 2, names: ["a"] })).toMatchObject({ type: "ok" })
  })

  test.each<[string, { readonly [keyword: string]: Json }, Json]>([
    ["a pattern that backtracks for ever", { type: "string", pattern: "^(a+)+$" }, `${"a".repeat(60)}!`],
    [
      "references that multiply",
      {
        $ref: "#/$defs/d0",
        $defs: Object.fromEntries(
          Array.from({ length: 40 }, (_, i) => [
            `d${i}`,
            i === 39 ? {} : { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
          ]),
        ),
      },
      1,
    ],
    ["a schema that is itself", { $ref: "#" }, 1],
    ["a reference to nowhere", { $ref: "https://example.org/secret.json" }, 1],
    ["a pattern that is none", { type: "string", pattern: "(" }, "x"],
    ["keywords that are no keywords", { type: 7, properties: "x", required: { a: 1 }, items: 3, enum: "no" }, { a: 1 }],
    ["a text that is too long", { description: "x".repeat(20_000) }, 1],
  ])("[ASK2] %s harms nobody: the answer is refused or taken, and others are answered", async (_, schema, value) => {
    const { respond, bob } = await asked({ q: { schema } })
    const other = await asked({ q: { schema: booking } })
    const [hostile, plain] = await Promise.all([respond("q", value), other.respond("q", { people: 1 })])
    if (hostile.type === "error") expect(hostile.error).toMatchObject({ code: "invalid_field" })
    expect(plain).toMatchObject({ type: "ok" })
    await bob.must({ type: "ping" })
  })

  test("[ASK2] a schema that took too long is not tried again at once", async () => {
    const schema = { type: "string", pattern: "^(b+)+$" }
    const { refusal, respond } = await asked({ q: { schema } })
    for (let i = 0; i < 20; i++) {
      const { message } = await refusal("q", `${"b".repeat(60)}${i}`)
      expect(message).toContain("longer than 1000 ms")
    }
    const fine = await asked({ q: { schema: booking } })
    expect(await fine.respond("q", { people: 1 })).toMatchObject({ type: "ok" })
    // Also an answer that fits waits its minute: the node cannot know that it would.
    expect(await respond("q", "b")).toMatchObject({ type: "error" })
  })

  test("[RUN5] [ASK5] two questions are answered in any order from different devices, each once", async () => {
    const { respond, refusal, ada, bob, conversation } = await asked({ first: {}, second: {} })
    const log = await ada.follow(conversation)
    expect(await respond("second", 2, bob)).toMatchObject({ type: "ok" })
    expect(await respond("first", 1, ada)).toMatchObject({ type: "ok" })
    expect(await refusal("first", 3, bob)).toMatchObject({ code: "already_answered", field: "interrupt" })
    expect((await refusal("second", 3, ada)).message).toContain("by bob")
    await ada.until("both", () => log.state.interrupts.every(({ answer }) => answer))
    expect(log.state.interrupts.map(({ answer }) => [answer?.by?.user, answer?.value])).toEqual([
      ["ada", 1],
      ["bob", 2],
    ])
  })

  test("[RUN5] of ten devices that answer at once one counts, and the others are told whose it was", async () => {
    const { respond, conversation } = await asked({ q: { schema: { type: "integer" } } })
    const devices = await Promise.all(
      Array.from({ length: 10 }, (_, i) => current().connect({ user: i % 2 ? "ada" : "bob", device: `d${i}` })),
    )
    const replies = await Promise.all(devices.map((device, i) => respond("q", i, device)))
    expect(replies.filter(({ type }) => type === "ok")).toHaveLength(1)
    const refused = replies.flatMap((reply) => (reply.type === "error" ? [reply.error] : []))
    for (const error of refused) expect(error).toMatchObject({ code: "already_answered" })
    expect(conversation).toContain("answers")
  })

  test("[ASK3] an answer that comes after the question has expired is told so, and one before it counts", async () => {
    const { respond, refusal, engine, conversation, run } = await asked({ q: { expiresAt: 1 }, r: { expiresAt: 1 } })
    const expiry = (interrupt: string): EventBody => ({
      type: "input.responded",
      time: 2,
      run,
      interrupt,
      value: null,
      expired: true,
    })
    expect(await store(engine, conversation, [expiry("q")], { name: questionValueName("q") })).toBe("appended")
    const error = await refusal("q", 1)
    expect(error).toMatchObject({ code: "already_answered", field: "interrupt" })
    expect(error.message).toContain("expired")
    // Its time is over, but nobody has written that down yet.
    expect(await respond("r", 1)).toMatchObject({ type: "ok" })
    expect(await store(engine, conversation, [expiry("r")], { name: questionValueName("r") })).toBe("unexpected")
  })

  test("[CON2] answers to what is not asked are refused, each with what is wrong with it", async () => {
    const here = await asked({ q: { schema: booking } })
    const elsewhere = await asked({ other: {} })
    expect(await here.refusal("nothing", 1)).toMatchObject({ code: "not_found", field: "interrupt" })
    expect(await here.refusal("other", 1)).toMatchObject({ code: "not_found", field: "interrupt" })
    const stranger = await current().connect({ user: "eve" })
    expect(await here.refusal("q", { people: 1 }, stranger)).toMatchObject({ code: "not_member" })
    expect(await elsewhere.respond("other", 1)).toMatchObject({ type: "ok" })
    expect(await here.refusal("q", "x".repeat(70_000))).toMatchObject({ code: "invalid_field", field: "value" })
    expect(await here.respond("q", { people: 1 })).toMatchObject({ type: "ok" })
    // What does not fit is told first that it comes too late.
    expect(await here.refusal("q", "x")).toMatchObject({ code: "already_answered" })
  })

  test("[CON2] a run that has ended takes no answer and no stop; a stop that is repeated is harmless", async () => {
    const { engine, refusal, ada, conversation, run } = await asked({ q: {} })
    const stop = (key: string) => ada.request({ type: "stop", key, conversation, run })
    expect(await stop("s1")).toMatchObject({ type: "ok" })
    expect(await stop("s1")).toMatchObject({ type: "ok", result: { duplicate: true } })
    expect(await stop("s2")).toMatchObject({ type: "ok" })
    await store(engine, conversation, [{ type: "run.ended", time: 3, run, outcome: "stopped" }])
    const log = await ada.follow(conversation)
    await ada.until("the end", () => log.state.runs[0]?.status === "stopped")
    expect(await refusal("q", 1)).toMatchObject({ code: "not_found", field: "interrupt" })
    expect(await stop("s3")).toMatchObject({ type: "error", error: { code: "run_ended", field: "run" } })
    expect(await stop("s1")).toMatchObject({ type: "ok", result: { duplicate: true } })
    expect(await ada.refusal({ type: "stop", key: "s4", conversation })).toMatchObject({ code: "not_found" })
    expect(await ada.refusal({ type: "stop", key: "s5", conversation, run: "never" })).toMatchObject({
      code: "not_found",
      field: "run",
    })
  })
})
