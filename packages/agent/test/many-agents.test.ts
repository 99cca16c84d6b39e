/** Workers with different agents on one store: each takes what it serves, and what nobody serves ends in time. */
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { positionsMax } from "../src/queue-positions.ts"
import { Gate } from "./support/gate.ts"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { WordModel } from "./support/word-model.ts"

const says = (word: string, pass = async () => {}) =>
  new StateGraph(MessagesAnnotation)
    .addNode("model", async (state) => ({ messages: [await new WordModel([word], pass).invoke(state.messages)] }))
    .addEdge(START, "model")
    .compile()

const quick = { pollMs: 10 }

test("[AGT2] a run is left to the worker that serves its agent, also where another one in its conversation is not", async () => {
  const h = await openHarness()
  const conversation = await h.conversation("c1", "one")
  await h.worker({ one: says("I am one") }, quick)
  const first = await h.ask(conversation, "hi", "two")
  const second = await h.ask(conversation, "hi", "one")
  await h.worker({ two: says("I am two") }, quick)
  const state = await h.ended(conversation, second)
  expect([saidIn(state, first), saidIn(state, second)]).toEqual([["I am two"], ["I am one"]])
})

test("[AGT2] a run of an agent that nobody serves waits, and ends in time with a sentence", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  await h.worker({ planner: says("x") }, { ...quick, missingAfterMs: 50 })
  const run = await h.ask(conversation, "hi")
  const ended = runOf(await h.ended(conversation, run), run)
  expect(ended).toMatchObject({ status: "failed", attempt: 0 })
  expect(ended?.error).toContain("No worker serves the agent agent.")
  expect(h.lines.filter(({ text }) => text.includes("nobody serves the agent agent"))).toHaveLength(1)
})

test("[AGT2] a worker without graphs ends it as well, and takes nothing that somebody serves", async () => {
  const h = await openHarness()
  const [missing, served] = [await h.conversation("c1"), await h.conversation("c2")]
  await h.worker({}, { ...quick, missingAfterMs: 50 })
  const run = await h.ask(missing, "hi")
  expect(runOf(await h.ended(missing, run), run)?.status).toBe("failed")
  await h.worker({ other: says("here") }, quick)
  const answered = await h.ask(served, "hi", "other")
  expect(saidIn(await h.ended(served, answered), answered)).toEqual(["here"])
})

test("[AGT2] a run that waits for its agent is stopped by whoever is there", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  await h.worker({}, quick)
  const run = await h.ask(conversation, "hi")
  await h.stop(conversation, run)
  expect(runOf(await h.ended(conversation, run), run)?.status).toBe("stopped")
})

test("[AGT1] every worker knows the agents of all, its own in front, and those of one that has left", async () => {
  const h = await openHarness()
  const gateway = await h.worker({}, quick)
  const one = await h.worker({ b: says("x"), a: says("y") }, quick)
  expect(one.agents).toEqual(["b", "a"])
  await until(() => gateway.agents.length === 2)
  expect(gateway.agents).toEqual(["b", "a"])
  await one.drain(0)
  const later = await h.worker({ c: says("z") }, quick)
  expect(later.agents).toEqual(["c", "b", "a"])
  await until(() => gateway.agents.length === 3)
})

test("[AGT1] who looks around knows of a worker that has just come, and takes nobody for its twin", async () => {
  const h = await openHarness()
  const seldom = { pollMs: 3_600_000, heartbeatMs: 10 }
  const gateway = await h.worker({}, seldom)
  const one = await h.worker({ a: says("x") }, seldom)
  expect(gateway.agents).toEqual([])
  await Promise.all([gateway.lookAround(), gateway.lookAround()])
  expect(gateway.agents).toEqual(["a"])
  await haveBeaten(h)
  await Promise.all([gateway.lookAround(), one.lookAround()])
  expect(h.lines.filter(({ text }) => text.includes("another node"))).toEqual([])
})

test("[NOD5] a node that finds another one with its name alive says so, once", async () => {
  const h = await openHarness()
  await h.worker({}, { ...quick, heartbeatMs: 10 }, undefined, "twin")
  await h.worker({}, { ...quick, heartbeatMs: 10 }, undefined, "twin")
  const warnings = () => h.lines.filter(({ text }) => text.startsWith("another node with the name twin"))
  await until(() => warnings().length === 2)
  await looksOf(h, 6)
  expect(warnings()).toHaveLength(2)
})

test("[AGT3] a user with many conversations leaves a place to somebody else", async () => {
  const h = await openHarness()
  const gate = new Gate()
  const busy = await Promise.all(["c1", "c2", "c3", "c4"].map((id) => h.conversation(id)))
  const worker = await h.worker({ agent: says("done", () => gate.pass()) }, { ...quick, runsMax: 3 })
  for (const conversation of busy) await h.ask(conversation, "hi", "agent", "ada")
  await until(() => worker.runsActive === 2 && worker.runsQueued === 2)
  const other = await h.conversation("other")
  const run = await h.ask(other, "hi", "agent", "bob")
  await h.until(other, (state) => runOf(state, run)?.status === "running")
  gate.open()
  for (const conversation of [...busy, other])
    await h.until(conversation, ({ runs }) => runs[0]?.status === "completed")
})

/** The places that a conversation's devices are told. */
async function positionsOf(h: Harness, conversation: string): Promise<number[]> {
  const told: number[] = []
  const ephemeral = (_conversation: string, body: string) =>
    void told.push((JSON.parse(body) as { position: number }).position)
  await h.engine.log.listen(conversation, { appended() {}, ephemeral, missed() {} })
  return told
}

test("[AGT5] whoever waits is told how many are before them, each time that changes and only then", async () => {
  const h = await openHarness()
  const gates = [new Gate(), new Gate(), new Gate()]
  let turn = 0
  const conversations = await Promise.all(["c1", "c2", "c3"].map((id) => h.conversation(id)))
  const told = await Promise.all(conversations.map((conversation) => positionsOf(h, conversation)))
  await h.worker({ agent: says("x", () => gates[turn++]?.pass() ?? Promise.resolve()) }, { ...quick, runsMax: 1 })
  for (const [index, conversation] of conversations.entries()) await h.ask(conversation, "hi", "agent", `user${index}`)
  await until(() => told[2]?.length === 1)
  await await looksOf(h, 4)
  expect(told).toEqual([[], [1], [2]])
  gates[0]?.open()
  await until(() => told[2]?.length === 2)
  expect(told).toEqual([[], [1, 0], [2, 1]])
  gates[1]?.open()
  await until(() => told[2]?.length === 3)
  gates[2]?.open()
  expect(told).toEqual([[], [1, 0], [2, 1, 0]])
})

test("[AGT5] of two full workers one tells, and of a long line its beginning only", async () => {
  const h = await openHarness()
  const gate = new Gate()
  const options = { ...quick, runsMax: 1 }
  const workers = [await h.worker({ agent: says("x", () => gate.pass()) }, options)]
  workers.push(await h.worker({ agent: says("x", () => gate.pass()) }, options))
  let frames = 0
  const publish = h.engine.log.publish.bind(h.engine.log)
  h.engine.log.publish = async (conversation, body) => {
    frames += 1
    return publish(conversation, body)
  }
  const count = positionsMax + 10
  for (let index = 0; index < count; index++) {
    await h.ask(await h.conversation(`c${index}`), "hi", "agent", `user${index}`)
  }
  await until(() => workers.every(({ runsActive, runsQueued }) => runsActive === 1 && runsQueued === count - 2))
  await until(() => frames >= positionsMax)
  await await looksOf(h, 8)
  // Some were told a place while the line still grew; nobody twice the same, and not by both.
  expect(frames).toBeLessThan(positionsMax * 2)
  gate.open()
})

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

/** Resolves when every worker's heart has beaten since. */
async function haveBeaten({ engine: { leases } }: Harness): Promise<void> {
  const owners = (await leases.announced()).workers.map(({ owner }) => owner)
  const before = await leases.beats(owners)
  let now = before
  while (owners.some((owner) => now.get(owner) === before.get(owner))) {
    await new Promise((resolve) => setImmediate(resolve))
    now = await leases.beats(owners)
  }
}

/** Resolves when workers have looked around so many times from now on. */
function looksOf(h: Harness, looks: number): Promise<void> {
  let seen = 0
  const { announced } = h.engine.leases
  return new Promise((resolve) => {
    h.engine.leases.announced = async () => {
      seen += 1
      if (seen === looks) resolve()
      return announced()
    }
  })
}
