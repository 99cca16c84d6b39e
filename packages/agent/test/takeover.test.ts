import { AIMessage } from "@langchain/core/messages"
import { interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { Gate } from "./support/gate.ts"
import { Harness, runOf, saidIn } from "./support/harness.ts"
import { WordModel } from "./support/word-model.ts"

const open: Harness[] = []
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close()
})

async function harness(saver?: MemorySaver): Promise<Harness> {
  const opened = await Harness.open(saver ? { saver } : {})
  open.push(opened)
  return opened
}

/** Another node claims the conversation and dies at once: its heartbeat was never counted. */
async function steal(h: Harness, conversation: string): Promise<void> {
  const [opening] = await h.engine.leases.openRuns()
  if (!opening) throw new Error("nothing to steal")
  const claim = { conversation, run: opening.run, node: "ghost", nonce: "ghostghost", instead: opening.owner?.fence }
  if (!(await h.engine.leases.claim(claim))) throw new Error("not stolen")
}

const quick = { pollMs: 10, stopGraceMs: 10 }

/** Nodes that say their words; `slow` passes the gate before its last word. */
function chain(gate: Gate, calls: string[] = []) {
  const says =
    (name: string, words: string[], isSlow = false) =>
    async () => {
      calls.push(name)
      const model = new WordModel(words, async (word) => (isSlow && word === words.at(-1) ? gate.pass() : undefined))
      return { messages: [await model.invoke("x")] }
    }
  return new StateGraph(MessagesAnnotation)
    .addNode("first", says("first", ["one ", "two"]))
    .addNode("slow", says("slow", ["three ", "four"], true))
    .addNode("last", says("last", ["five"]))
    .addEdge(START, "first")
    .addEdge("first", "slow")
    .addEdge("slow", "last")
    .compile()
}

test("[RUN2] an owner that lost the conversation writes nothing more", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const worker = await h.worker({ agent: chain(gate) }, { pollMs: 1_000_000 })
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await h.until(conversation, (state) => saidIn(state, run)[1] === "three ")
  await steal(h, conversation)
  const before = await h.events(conversation)
  gate.open()
  while (worker.runsActive > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(await h.events(conversation)).toEqual(before)
})

test("[RUN3] a run that is taken over ends with the text of an undisturbed one, and nothing runs or shows twice", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  await h.worker({ agent: chain(gate, calls) }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await h.until(conversation, (state) => saidIn(state, run)[1] === "three ")
  await steal(h, conversation)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 2 })
  expect(saidIn(state, run)).toEqual(["one two", "three four", "five"])
  expect(calls).toEqual(["first", "slow", "slow", "last"])
  const rewinds = (await h.events(conversation)).filter((event) => event.type === "rewind")
  expect(rewinds).toMatchObject([{ attempt: 2, messages: [`${run}.1`] }])
  expect(state.messages.filter(({ role }) => role === "user")).toHaveLength(1)
})

test("[RUN3] a finished sibling of an unfinished task neither runs again nor is taken back", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  const says = (name: string, word: string) => async () => {
    calls.push(name)
    const model = new WordModel([`${word} `, word], async (said) =>
      name === "slow" && said === word ? gate.pass() : undefined,
    )
    return { messages: [await model.invoke("x")] }
  }
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("fast", says("fast", "quick"))
    .addNode("slow", says("slow", "steady"))
    .addEdge(START, "fast")
    .addEdge(START, "slow")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await h.until(conversation, (state) => saidIn(state, run).sort().join() === "quick quick,steady ")
  // The result of the finished task is stored a moment after its last word.
  const thread = { configurable: { thread_id: conversation } }
  const stored = async () =>
    (await h.saver.getTuple(thread))?.pendingWrites?.some(([, channel]) => channel === "messages")
  while (!(await stored())) await new Promise((resolve) => setImmediate(resolve))
  await steal(h, conversation)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run).sort()).toEqual(["quick quick", "steady steady"])
  expect(calls.sort()).toEqual(["fast", "slow", "slow"])
})

test("[RUN3] inside a subgraph, too, only the task that was cut off says its words again", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  const outer = new StateGraph(MessagesAnnotation)
    .addNode("inner", chain(gate, calls))
    .addEdge(START, "inner")
    .compile()
  await h.worker({ agent: outer }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await h.until(conversation, (state) => saidIn(state, run)[1] === "three ")
  await steal(h, conversation)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run)).toEqual(["one two", "three four", "five"])
  expect(calls).toEqual(["first", "slow", "slow", "last"])
})

test("[RUN3] inside a graph that a node calls by itself, too, only what was cut off is said again", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  const inner = chain(gate, calls)
  const outer = new StateGraph(MessagesAnnotation)
    .addNode("inner", async (state) => ({ messages: (await inner.invoke(state)).messages.slice(-3) }))
    .addEdge(START, "inner")
    .compile()
  await h.worker({ agent: outer }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await h.until(conversation, (state) => saidIn(state, run)[1] === "three ")
  await steal(h, conversation)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(calls).toEqual(["first", "slow", "slow", "last"])
  expect(saidIn(state, run)).toEqual(["one two", "three four", "five"])
})

test("[ACK2] a checkpoint that counts a task as done is never stored before the task's words", async () => {
  const saver = new MemorySaver()
  const h = await harness(saver)
  const conversation = await h.conversation()
  const seen: string[] = []
  const putWrites = saver.putWrites.bind(saver)
  saver.putWrites = async (config, writes, task) => {
    const state = await h.state(conversation)
    if (writes.some(([channel]) => channel === "messages")) {
      seen.push(
        state.messages.filter(({ role, status }) => role === "assistant" && status === "complete").length.toString(),
      )
    }
    return putWrites(config, writes, task)
  }
  const gate = new Gate()
  gate.open()
  // A window so long that only the checkpoint itself can be what brings the words to the log.
  await h.worker({ agent: chain(gate) }, { deltaWindowMs: 1_000_000 })
  await h.ended(conversation, await h.ask(conversation, "hi"))
  // The first is the input itself, before anybody has spoken.
  expect(seen).toEqual(["0", "1", "2", "3"])
})

test("[RUN5] an answer that was given before the owner died is used once", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => {
      const first = interrupt("first?")
      await gate.pass()
      const second = interrupt("second?")
      return { messages: [new AIMessage(`${first}, ${second}`)] }
    })
    .addEdge(START, "ask")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "hi")
  const one = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  await h.answer(conversation, run, one.interrupts[0]?.id ?? "", "yes")
  await gate.reached
  await steal(h, conversation)
  gate.open()
  const two = await h.until(conversation, (state) => state.interrupts.some((held) => held.value === "second?"))
  expect(two.interrupts).toHaveLength(2)
  await h.answer(conversation, run, two.interrupts[1]?.id ?? "", "no")
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(["yes, no"])
})

test("a node that drains finishes the superstep, and another goes on from there", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  const graph = chain(gate, calls)
  const first = await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  const drained = first.drain(60_000)
  gate.open()
  await drained
  expect(await h.engine.leases.openRuns()).toMatchObject([{ run, owner: undefined }])
  await h.worker({ agent: graph }, quick)
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run)).toEqual(["one two", "three four", "five"])
  expect(calls).toEqual(["first", "slow", "last"])
})

test("a node that cannot finish in time hands the run over as it is", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const graph = chain(gate)
  const first = await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "hi")
  await gate.reached
  await first.drain(0)
  gate.open()
  await h.worker({ agent: graph }, quick)
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(["one two", "three four", "five"])
})

test("[RUN3] a run that dies again and again at the same place is given up and says why", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  // The first attempt gets somewhere: to the checkpoint at which the following ones die.
  const gates = [new Gate(), new Gate(), new Gate(), new Gate()]
  let tries = 0
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("deadly", async () => {
      await gates[tries++]?.pass()
      return { messages: [] }
    })
    .addEdge(START, "deadly")
    .compile()
  await h.worker({ agent: graph }, { ...quick, attemptsMax: 3 })
  const run = await h.ask(conversation, "hi")
  for (const gate of gates) {
    await gate.reached
    await steal(h, conversation)
    gate.open()
  }
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed).toMatchObject({ status: "failed", attempt: 4 })
  expect(failed?.error).toContain("3 attempts in a row")
})

test("[RUN6] a checkpoint that cannot be read ends the run with an event that says so", async () => {
  const saver = new MemorySaver()
  const h = await harness(saver)
  const conversation = await h.conversation()
  saver.getTuple = async () => {
    throw new SyntaxError("Unexpected token in checkpoint")
  }
  const gate = new Gate()
  await h.worker({ agent: chain(gate) }, quick)
  const run = await h.ask(conversation, "hi")
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed?.error).toContain("Unexpected token in checkpoint")
})

test("[RUN2] two live nodes of one name do not take each other's runs", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  const calls: string[] = []
  await h.worker({ agent: chain(gate, calls) }, quick, undefined, "twin")
  const run = await h.ask(conversation, "hi")
  await gate.reached
  const [claimed] = await h.engine.leases.openRuns()
  // It looks at once when it starts, and then every few milliseconds; each look reads the list of open runs.
  let looks = 0
  const { openRuns } = h.engine.leases
  const looked = new Promise<void>((resolve) => {
    h.engine.leases.openRuns = async () => {
      looks += 1
      if (looks === 5) resolve()
      return openRuns()
    }
  })
  await h.worker({ agent: chain(gate, calls) }, quick, undefined, "twin")
  await looked
  expect(await openRuns()).toEqual([claimed])
  gate.open()
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 1 })
  expect(calls).toEqual(["first", "slow", "last"])
})

test("[RUN3] an owner's silence is heard at the pace of its heartbeats, not of the looks at open runs", async () => {
  const h = await harness()
  const conversation = await h.conversation()
  const gate = new Gate()
  gate.open()
  const run = await h.ask(conversation, "hi")
  await h.engine.leases.beat("ghost")
  await steal(h, conversation)
  // After its first look nothing makes it look again but the ghost's silence.
  await h.worker({ agent: chain(gate) }, { pollMs: 1_000_000, heartbeatMs: 10, leaseTtlMs: 100 })
  expect(runOf(await h.ended(conversation, run), run)?.status).toBe("completed")
})

test("[RUN3] a subgraph that was done before its owner died is not heard again from the node around it", async () => {
  const saver = new MemorySaver()
  const inner = new StateGraph(MessagesAnnotation)
    .addNode("one", async () => ({ messages: [await new WordModel(["in ", "one"]).invoke("x")] }))
    .addNode("two", async () => ({ messages: [await new WordModel(["in ", "two"]).invoke("x")] }))
    .addEdge(START, "one")
    .addEdge("one", "two")
    .compile()
  const outer = new StateGraph(MessagesAnnotation).addNode("inside", inner).addEdge(START, "inside").compile()
  // The owner dies when all is said inside and stored, and the node around it has no result yet.
  const died = new Gate()
  const [put, putWrites] = [saver.put.bind(saver), saver.putWrites.bind(saver)]
  const isOuter = ({ configurable }: Parameters<typeof put>[0]) => !configurable?.["checkpoint_ns"]
  let isAlive = true
  saver.put = async (config, checkpoint, metadata) => {
    if (isAlive && isOuter(config) && metadata.step === 1) await died.pass()
    return put(config, checkpoint, metadata)
  }
  saver.putWrites = async (config, writes, task) => {
    const isResult = writes.some(([, value]) => Array.isArray(value) && value.length === 3)
    if (isAlive && isOuter(config) && isResult) await died.pass()
    return putWrites(config, writes, task)
  }
  const h = await harness(saver)
  const conversation = await h.conversation()
  await h.worker({ agent: outer }, { pollMs: 1_000_000 })
  const run = await h.ask(conversation, "hi")
  await died.reached
  await steal(h, conversation)
  isAlive = false
  await h.worker({ agent: outer }, quick)
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run)).toEqual(["in one", "in two"])
  died.open()
})
