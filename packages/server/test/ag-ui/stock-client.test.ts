/** AG-UI's own client, unmodified, against two nodes on one Redis: the agent's words come from a run on either of them. */
import { twoNodes } from "../nodes/two-nodes.ts"
import { SimulatedRun } from "../simple/support/simulated-agent.ts"
import { claimNext, devicesOf, fresh, post } from "./support/nodes.ts"

const nodes = twoNodes({ agents: ["scribe", "clerk"] })
const device = devicesOf(() => nodes().a.port)
const time = 1_790_000_000_000

test("[AGU1] [AGU4] a run: its words as they are said, its step, and its end", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const said = ada.say("Tell me", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await ada.until(() => ada.words[0] === "Once ")
  await run.say(`${run.run}.0`, 5, "upon a time")
  await run.finish(`${run.run}.0`, "Once upon a time")
  await run.end()
  await said
  expect(ada.agent.messages).toMatchObject([
    { id: "m-1", role: "user", content: "Tell me" },
    { id: `${run.run}.0`, role: "assistant", content: "Once upon a time" },
  ])
  expect(ada.ends).toEqual(["success"])
  expect(ada.shown).toEqual(["", "Once ", "Once upon a time"])
  const [started] = ada.told
  expect(started).toMatchObject({
    threadId: thread,
    protocolVersion: "1.0",
    metadata: { everthread: { run: run.run } },
  })
  expect(ada.told.filter(({ type }) => type === "STEP_STARTED" || type === "STEP_FINISHED")).toMatchObject([
    { type: "STEP_STARTED", stepName: "model" },
    { type: "STEP_FINISHED", stepName: "model" },
  ])
})

test("[AGU2] [AGU5] a connection shows what is there, then everything that happens, whoever did it", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const said = ada.say("Tell me", "m-1")
  const run = await claimNext(nodes().a, thread)
  await run.answer(`${run.run}.0`, "Once")
  await run.end()
  await said
  const phone = device(thread, { user: "ada", port: nodes().b.port })
  void phone.connect()
  await phone.until(() => phone.words.length === 1)
  expect(phone.agent.messages.map(({ id }) => id)).toEqual(["m-1", `${run.run}.0`])
  const eve = device(thread, { user: "eve", port: nodes().b.port })
  const asked = eve.say("And then?", "m-2")
  await phone.until(() => phone.agent.messages.length === 3)
  expect(phone.agent.messages.at(-1)).toMatchObject({ id: "m-2", role: "user", content: "And then?", name: "eve" })
  const next = await claimNext(nodes().a, thread)
  await next.begin(`${next.run}.0`)
  await next.say(`${next.run}.0`, 0, "They ")
  await phone.until(() => phone.words[1] === "They ")
  await next.say(`${next.run}.0`, 5, "lived")
  await next.finish(`${next.run}.0`, "They lived")
  await next.end()
  await asked
  await phone.until(() => phone.ends.length === 3)
  expect(phone.words).toEqual(["Once", "They lived"])
  expect(phone.agent.messages).toEqual(eve.agent.messages.map((message) => expect.objectContaining({ id: message.id })))
  expect(phone.agent.isRunning).toBe(true)
})

test("[AGU4] a request that breaks off stops nothing; on the other node the run is told from its beginning, nothing twice", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const broken = ada.say("Tell me", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await ada.until(() => ada.words[0] === "Once ")
  ada.drop()
  await broken
  await run.say(`${run.run}.0`, 5, "upon ")
  ada.agent.url = ada.agent.url.replace(`:${nodes().a.port}/`, `:${nodes().b.port}/`)
  const again = ada.agent.runAgent()
  await ada.until(() => ada.words[0] === "Once upon ")
  await run.say(`${run.run}.0`, 10, "a time")
  await run.finish(`${run.run}.0`, "Once upon a time")
  await run.end()
  await again
  expect(ada.words).toEqual(["Once upon a time"])
  expect(ada.agent.messages).toHaveLength(2)
  const native = await nodes().a.connect({ user: "ada" })
  expect((await native.follow(thread)).state.runs).toHaveLength(1)
  // Long after its end it is told again, to a page that knows nothing of it.
  const late = device(thread, { user: "ada", port: nodes().b.port })
  await late.say("Tell me", "m-1")
  expect(late.words).toEqual(["Once upon a time"])
  expect(
    late.told
      .filter(({ type }) => type === "TEXT_MESSAGE_CONTENT")
      .map((event) => event["delta"])
      .join(""),
  ).toBe("Once upon a time")
})

test("[AGU2] calls of tools and their results, and reasoning", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const said = ada.say("Look it up", "m-1")
  const run = await claimNext(nodes().b, thread)
  const [call, answer] = [`${run.run}.0`, `${run.run}.1`]
  const output = (method: "messages" | "tools", data: object, message?: string) =>
    run.append({
      type: "agent",
      time,
      run: run.run,
      method,
      ns: ["model:1"],
      data: data as never,
      ...(message ? { message } : {}),
    })
  await run.callTool(call)
  await output("tools", { event: "tool-started", tool_call_id: "call-1", tool_name: "look_up" })
  await output("tools", { event: "tool-finished", tool_call_id: "call-1", output: "rain" })
  await run.begin(answer, "reasoning")
  await output(
    "messages",
    { event: "content-block-start", index: 0, content: { type: "reasoning", reasoning: "" } },
    answer,
  )
  await run.say(answer, 0, "So it rains")
  await output("messages", { event: "content-block-start", index: 1, content: { type: "text", text: "" } }, answer)
  await run.append({ type: "delta", message: answer, block: 1, at: 0, text: "It rains." })
  await output("messages", { event: "message-finish" }, answer)
  await run.end()
  await said
  const expected = [
    { role: "user" },
    {
      role: "assistant",
      toolCalls: [{ id: `${call}~0`, function: { name: "look_up", arguments: '{"city":"Bern"}' } }],
    },
    { role: "tool", toolCallId: `${call}~0`, content: "rain" },
    { role: "reasoning", content: "So it rains" },
    { role: "assistant", id: answer, content: "It rains." },
  ]
  expect(ada.agent.messages).toMatchObject(expected)
  const phone = device(thread, { user: "ada", port: nodes().b.port })
  void phone.connect()
  await phone.until(() => phone.words.length === 1)
  expect(phone.agent.messages).toMatchObject(expected)
})

test("[AGU6] a question ends the request; it is answered from another device, and the first answer counts", async () => {
  const thread = fresh()
  const [ada, phone] = [device(thread, { user: "ada" }), device(thread, { user: "ada", port: nodes().b.port })]
  const said = ada.say("Book a table", "m-1")
  const run = await claimNext(nodes().b, thread)
  const asked = {
    type: "input.requested" as const,
    time,
    run: run.run,
    interrupt: `q-${thread}`,
    value: { question: "For how many?" },
  }
  await run.append({ ...asked, schema: { type: "integer" } }, { type: "run.waiting", time, run: run.run })
  await said
  expect(ada.ends).toEqual(["interrupt"])
  expect(ada.agent.pendingInterrupts).toMatchObject([
    { id: asked.interrupt, reason: "input_required", message: "For how many?", responseSchema: { type: "integer" } },
  ])
  void phone.connect()
  await phone.until(() => phone.agent.pendingInterrupts.length === 1)
  // It does not fit, then it does; whoever is late is told who was first.
  const resume = (payload: unknown) => [{ interruptId: asked.interrupt, status: "resolved" as const, payload }]
  const misfit = await post(
    nodes().b.port,
    "",
    { threadId: thread, runId: "r", messages: [], resume: resume("many") },
    { "x-everthread-user": "eve" },
  )
  expect(misfit.status).toBe(403)
  const eve = device(thread, { user: "eve", port: nodes().b.port })
  void eve.connect()
  await eve.until(() => eve.agent.pendingInterrupts.length === 1)
  const refused = await post(
    nodes().b.port,
    "",
    { threadId: thread, runId: "r", messages: [], resume: resume("many") },
    { "x-everthread-user": "eve" },
  )
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({ field: "resume.0.payload" })
  const eves = device(thread, { user: "eve", port: nodes().b.port })
  const answered = eves.agent.runAgent({ resume: resume(4) })
  await phone.until(() => phone.agent.pendingInterrupts.length === 0)
  expect(phone.told).toContainEqual(
    expect.objectContaining({
      type: "CUSTOM",
      name: "everthread.answered",
      value: expect.objectContaining({ by: "eve", value: 4 }),
    }),
  )
  await expect(ada.agent.runAgent({ resume: resume(2) })).rejects.toMatchObject({
    status: 409,
    payload: { code: "already_answered", field: "resume.0.interruptId", message: expect.stringContaining("eve") },
  })
  const goesOn = await SimulatedRun.claim(nodes().a.engine, thread, 2)
  await goesOn.answer(`${run.run}.0`, "For four.")
  await goesOn.end()
  await answered
  expect(eves.words).toEqual(["For four."])
  expect(eves.ends).toEqual(["success"])
  await phone.until(() => phone.words[0] === "For four.")
})

test("[AGU6] [RUN4] who gives a question up ends its run, for everybody", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const said = ada.say("Book a table", "m-1")
  const run = await claimNext(nodes().b, thread)
  const interrupt = `q-${thread}`
  await run.append(
    { type: "input.requested", time, run: run.run, interrupt, value: "Sure?" },
    { type: "run.waiting", time, run: run.run },
  )
  await said
  const given = ada.agent.runAgent({ resume: [{ interruptId: interrupt, status: "cancelled" }] })
  const native = await nodes().a.connect({ user: "ada" })
  const log = await native.follow(thread)
  await native.until("the stop", () => log.state.runs[0]?.stopBy !== undefined)
  await run.end("stopped")
  await given
  expect(ada.ends).toEqual(["interrupt", "cancelled"])
  expect(ada.agent.pendingInterrupts).toEqual([])
})

test("[AGU4] [RUN4] a run is stopped by its message, its own id, or as the oldest; what it said stays", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const user = { "x-everthread-user": "ada" }
  for (const [at, named] of [{ messageId: "m-0" }, (run: string) => ({ runId: run }), {}].entries()) {
    const said = ada.say("Tell me", `m-${at}`)
    const run = await claimNext(nodes().b, thread)
    await run.begin(`${run.run}.0`)
    await run.say(`${run.run}.0`, 0, "Once ")
    await ada.until(() => ada.words[at] === "Once ")
    const name = typeof named === "function" ? named(run.run) : named
    const answer = await post(nodes().b.port, "/stop", { threadId: thread, ...name }, user)
    expect([answer.status, await answer.json()]).toEqual([200, { runId: run.run }])
    await run.end("stopped")
    await said
    expect(ada.ends.at(-1)).toBe("cancelled")
  }
  expect(ada.words).toEqual(["Once ", "Once ", "Once "])
  expect((await post(nodes().b.port, "/stop", { threadId: thread, messageId: "m-0" }, user)).status).toBe(200)
  expect((await post(nodes().b.port, "/stop", { threadId: thread }, user)).status).toBe(404)
})

test("[AGU2] a run that fails, and one that is taken over: what was taken back is gone", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  const said = ada.say("Tell me", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Onc")
  await ada.until(() => ada.words[0] === "Onc")
  await run.rewind(2, `${run.run}.0`)
  await run.begin(`${run.run}.1`)
  await run.say(`${run.run}.1`, 0, "Twice")
  await ada.until(() => ada.words[0] === "Twice")
  expect(ada.told).toContainEqual(expect.objectContaining({ type: "CUSTOM", name: "everthread.rewind" }))
  await run.append({ type: "run.ended", time, run: run.run, outcome: "failed", error: "It broke." })
  await said
  expect(ada.words).toEqual(["Twice"])
  expect(ada.told.at(-1)).toMatchObject({ type: "RUN_ERROR", message: "It broke.", code: "run_failed" })
})

test("[AGU1] an agent is named in the address; another one is refused by name", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada", agent: "clerk" })
  const said = ada.say("Hello", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.answer(`${run.run}.0`, "Yes?")
  await run.end()
  await said
  expect(ada.agent.messages.at(-1)).toMatchObject({ name: "clerk", content: "Yes?" })
  await expect(device(thread, { user: "ada", agent: "nobody" }).say("Hello", "m-2")).rejects.toMatchObject({
    status: 404,
    payload: { field: "agent", message: expect.stringContaining("scribe, clerk") },
  })
})
