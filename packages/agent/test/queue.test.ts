/** The queue of a conversation: who is next, what is taken out, and what comes after a turn that was cut off. */
import { Gate } from "./support/gate.ts"
import { Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { toolAgent } from "./support/tool-agent.ts"

const quick = { pollMs: 10, stopGraceMs: 10 }
const by = { user: "ada", device: "phone" }

test("[QUE6] a run that is taken out of the queue ends at once, while the one before it is under way", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  await h.worker({ agent: toolAgent({ model: () => gate.pass() }).graph }, quick)
  const run = await h.ask(conversation, "one")
  await gate.reached
  const [second, third] = [await h.ask(conversation, "two"), await h.ask(conversation, "three")]
  await h.stop(conversation, second)
  const state = await h.ended(conversation, second)
  expect(runOf(state, run)?.status).toBe("running")
  expect(runOf(state, second)).toMatchObject({ status: "stopped", attempt: 0 })
  expect((await h.engine.leases.openRuns()).map((each) => each.run)).toEqual([run, third])
  gate.open()
  expect(runOf(await h.ended(conversation, third), run)?.status).toBe("completed")
})

test("[QUE6] what was taken out while nobody could tell the owner is found when it looks", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { log } = h.engine
  const missed: (() => void)[] = []
  const deaf: typeof log = {
    ...log,
    listen: async (name, listener) => {
      missed.push(() => listener.missed(name))
      return () => undefined
    },
  }
  const first = new Harness(h.folder, { ...h.engine, log: deaf }, h.saver)
  const worker = await first.worker({ agent: toolAgent({ model: () => gate.pass() }).graph }, quick)
  await h.ask(conversation, "one")
  await gate.reached
  const second = await h.ask(conversation, "two")
  await h.stop(conversation, second)
  for (const tell of missed) tell()
  expect(runOf(await h.ended(conversation, second), second)).toMatchObject({ status: "stopped", attempt: 0 })
  gate.open()
  await worker.drain(0)
})

test("[RUN7] [QUE6] a promoted run goes before those that wait, and each is answered with what it asked", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ model: async (call) => (call === 1 ? gate.pass() : undefined) })
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "one")
  await gate.reached
  const [second, third] = [await h.ask(conversation, "two"), await h.ask(conversation, "three")]
  await h.append(conversation, [{ type: "run.promoted", time: 0, by, run: third }])
  gate.open()
  const state = await h.ended(conversation, second)
  expect(histories.map((history) => history.at(-1))).toEqual(["human: one", "human: three", "human: two"])
  expect([run, third, second].map((each) => saidIn(state, each))).toEqual([
    ["told: one"],
    ["told: three"],
    ["told: two"],
  ])
  expect(histories.at(-1)?.filter((line) => line === "human: two")).toHaveLength(1)
})

test("[QUE4] after a turn that was cut off in a tool call the next one's model is given a result for it", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ tool: () => gate.pass() })
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "look here")
  await gate.reached
  await h.stop(conversation, run)
  const second = await h.ask(conversation, "never mind")
  const state = await h.ended(conversation, second)
  gate.open()
  expect([runOf(state, run)?.status, runOf(state, second)?.status]).toEqual(["stopped", "completed"])
  const [asked, called, result, next] = histories.at(-1) ?? []
  expect([asked, called, next]).toEqual(["human: look here", "ai: look()", "human: never mind"])
  expect(result).toMatch(/^tool: This call was cut off/)
})

test("[QUE6] what was taken out of the queue is not told to the agent with what comes next", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const { graph, histories } = toolAgent({ model: async (call) => (call === 1 ? gate.pass() : undefined) })
  await h.worker({ agent: graph }, quick)
  await h.ask(conversation, "one")
  await gate.reached
  const second = await h.ask(conversation, "two")
  await h.say(conversation, "by the way", "bob")
  await h.stop(conversation, second)
  await h.ended(conversation, second)
  const third = await h.ask(conversation, "three")
  gate.open()
  await h.ended(conversation, third)
  expect(histories.at(-1)).toEqual(["human: one", "ai: told: one", "human: by the way", "human: three"])
})

test("[RUN7] what is queued between the list of open runs and the look at its conversation has its turn at the next look", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const first = await h.ask(conversation, "one")
  const { leases, log } = h.engine
  const real = leases.openRuns.bind(leases)
  let second: string | undefined
  Object.assign(leases, {
    openRuns: async () => {
      const listed = await real()
      if (second !== undefined) return listed
      const ended = { type: "run.ended", time: 0, run: first, outcome: "completed" }
      const done = [{ run: first, state: "done" as const }]
      await log.append({ conversation, nonce: "1234567890123456", bodies: [JSON.stringify(ended)], runs: done })
      second = await h.ask(conversation, "two")
      return listed
    },
  })
  await h.worker({ agent: toolAgent({}).graph }, quick)
  const state = await h.until(conversation, ({ runs }) =>
    runs.some(({ status, id }) => id === second && status === "completed"),
  )
  expect(saidIn(state, second ?? "")).toEqual(["told: one, two"])
})

test("[QUE4] [RUN7] a run that was claimed and not begun leaves its turn to one that was put before it meanwhile", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { leases } = h.engine
  const real = leases.claim.bind(leases)
  const first = await h.ask(conversation, "one")
  let second: string | undefined
  Object.assign(leases, {
    claim: async (request: Parameters<typeof real>[0]) => {
      const fence = await real(request)
      if (second !== undefined) return fence
      second = await h.ask(conversation, "two")
      await h.append(conversation, [{ type: "run.promoted", time: 0, by, run: second }])
      return fence
    },
  })
  const { graph, histories } = toolAgent({})
  await h.worker({ agent: graph }, quick)
  await h.ended(conversation, first)
  expect(histories).toEqual([["human: two"], ["human: two", "ai: told: two", "human: one"]])
  expect((await h.events(conversation)).flatMap((event) => (event.type === "run.attempt" ? [event.run] : []))).toEqual([
    second,
    first,
  ])
})

test("[QUE4] [RUN7] it leaves its turn also to one that was put before it while it looked once more what had happened", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { log } = h.engine
  const real = log.append.bind(log)
  const first = await h.ask(conversation, "one?")
  let second = ""
  const meanwhile = [
    () => h.say(conversation, "by the way", "bob"),
    async () => {
      second = await h.ask(conversation, "two")
      await h.append(conversation, [{ type: "run.promoted", time: 0, by, run: second }])
    },
  ]
  Object.assign(log, {
    append: async (request: Parameters<typeof real>[0]) => {
      if (request.bodies.some((body) => body.includes('"run.attempt"'))) await meanwhile.shift()?.()
      return real(request)
    },
  })
  const { graph, histories } = toolAgent({})
  await h.worker({ agent: graph }, quick)
  await h.ended(conversation, first)
  expect(histories.map((history) => history.at(-1))).toEqual(["human: two", "human: one?"])
})
