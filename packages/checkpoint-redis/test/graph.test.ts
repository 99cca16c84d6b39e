/** Real graphs on the saver: long threads, what they cost, and an owner that loses its thread in the middle. */
import { AIMessage, HumanMessage } from "@langchain/core/messages"
import { Annotation, DeltaChannel, END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { keyPrefixOf, RedisSaver, type ScriptRunner } from "../src/index.ts"
import { idsOf } from "./checkpoints.ts"
import { saverOn, startStore, type TestStore } from "./servers.ts"

let store: TestStore
beforeAll(async () => {
  store = await startStore()
})
afterAll(() => store.stop())
beforeEach(() => store.all("FLUSHALL"))

const thread = { configurable: { thread_id: "t" }, durability: "sync" as const }
const words = (turn: number) => `turn ${turn} ${"x".repeat(200)}`

/** A chat that answers every message, with the state it is given. */
function chatOf(saver: RedisSaver) {
  return new StateGraph(MessagesAnnotation)
    .addNode("answer", ({ messages }) => ({
      messages: [new AIMessage({ id: `a${messages.length}`, content: words(messages.length) })],
    }))
    .addEdge(START, "answer")
    .addEdge("answer", END)
    .compile({ checkpointer: saver })
}

async function talk(graph: ReturnType<typeof chatOf>, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await graph.invoke({ messages: [new HumanMessage({ id: `h${turn}`, content: words(turn) })] }, thread)
  }
}

/** Like a chat, with a delta channel that is stored whole every seventh time. */
function loggerOf(saver: RedisSaver) {
  const append = (state: string[], writes: string[][]) => [...state, ...writes.flat()]
  const State = Annotation.Root({
    log: () => new DeltaChannel<string[], string[]>(append, { snapshotFrequency: 7 }),
    count: Annotation<number>,
  })
  return new StateGraph(State)
    .addNode("answer", ({ log }) => ({ log: [words(log.length)], count: log.length }))
    .addNode("check", ({ log }) => ({ log: [`seen ${log.length}`] }))
    .addEdge(START, "answer")
    .addEdge("answer", "check")
    .addEdge("check", END)
    .compile({ checkpointer: saver })
}

/** Counts what the saver asks the server for. */
function counting(): { readonly runner: ScriptRunner; calls: number } {
  const counted = {
    calls: 0,
    runner: {
      run(script, keys, args) {
        counted.calls += 1
        return store.runner.run(script, keys, args)
      },
    } satisfies ScriptRunner,
  }
  return counted
}

async function threadBytes(): Promise<number> {
  const keys = [`${keyPrefixOf("t")}thread`, `${keyPrefixOf("t")}order`]
  const sizes = await Promise.all(keys.map((key) => store.command(key, "MEMORY", "USAGE", key, "SAMPLES", "0")))
  return sizes.reduce<number>((sum, size) => sum + Number(size), 0)
}

test("a hundred turns are remembered, at six round trips a turn", async () => {
  const counted = counting()
  const graph = chatOf(new RedisSaver(counted.runner))
  await talk(graph, 100)
  const { messages } = (await graph.getState(thread)).values as typeof MessagesAnnotation.State
  expect(messages.map(({ content }) => content)).toHaveLength(200)
  expect(messages.at(-1)?.content).toBe(words(199))
  // A turn: the newest checkpoint, three puts, and the writes of the input and of the one node.
  expect((counted.calls - 1) / 100).toBeLessThanOrEqual(6)
})

/** What the official saver's data came to after as many turns, measured once on a server with its modules. */
const officialBytes = 62_800_000

test("memory of a hundred turns is below half of the official saver's, and bounded by maxCheckpoints and delta channels", async () => {
  await talk(chatOf(saverOn(store)), 100)
  const all = await threadBytes()
  await store.all("FLUSHALL")
  await talk(chatOf(saverOn(store, { maxCheckpoints: 8 })), 100)
  const bounded = await threadBytes()
  await store.all("FLUSHALL")
  const graph = loggerOf(saverOn(store, { maxCheckpoints: 8 }))
  for (let turn = 0; turn < 100; turn++) await graph.invoke({ log: [words(turn)] }, thread)
  const delta = await threadBytes()

  // 200 messages of some 350 bytes are 70 kB once. Kept whole in every version they are a hundred times that.
  expect(all).toBeGreaterThan(5_000_000)
  expect(all).toBeLessThan(officialBytes / 2)
  expect(bounded).toBeLessThan(1_000_000)
  expect(delta).toBeLessThan(300_000)
})

test("[RUN3] a graph with a delta channel has the same state with few checkpoints as with all of them", async () => {
  const whole = loggerOf(saverOn(store))
  const pruned = loggerOf(saverOn(store, { maxCheckpoints: 2 }))
  const other = { ...thread, configurable: { thread_id: "u" } }
  for (let turn = 0; turn < 30; turn++) {
    const update = { log: [`update ${turn}`] }
    for (const [graph, config] of [
      [whole, thread],
      [pruned, other],
    ] as const) {
      await graph.invoke({ log: [`turn ${turn}`] }, config)
      if (turn % 4 === 0) await graph.updateState(config, update)
    }
    expect((await pruned.getState(other)).values).toEqual((await whole.getState(thread)).values)
  }
  const [all, few] = await Promise.all(["t", "u"].map((thread_id) => idsOf(saverOn(store), { thread_id })))
  expect(all?.length).toBeGreaterThan(100)
  expect(few?.length).toBeLessThan(30)
})

test("[RUN3] updates alone, without a run, keep what they are made of", async () => {
  const graph = loggerOf(saverOn(store, { maxCheckpoints: 2 }))
  for (let at = 0; at < 6; at++) await graph.updateState(thread, { log: [`update ${at}`] }, "answer")
  // The first of them had no checkpoint that its write could have been kept with: so LangGraph does it.
  const log = (await graph.getState(thread)).values["log"] as string[]
  expect(log).toEqual([1, 2, 3, 4, 5].map((at) => `update ${at}`))
})

test("[RUN2] an owner that loses its thread in the middle of a superstep stores nothing more; the next one goes on", async () => {
  const owner = `${keyPrefixOf("t")}owner`
  const claim = async (number: number) => {
    await store.command(owner, "HSET", owner, "s", `${number}:nonce${number}:0 1-1`)
    return { ...thread, configurable: { ...thread.configurable, __fence: { number, nonce: `nonce${number}` } } }
  }
  const saver = () => saverOn(store, { fence: { key: () => owner, field: "s" } })
  const ran: string[] = []
  const graphOf = (whileFirst: () => Promise<unknown>) =>
    new StateGraph(MessagesAnnotation)
      .addNode("first", async () => {
        ran.push("first")
        await whileFirst()
        return { messages: [new AIMessage({ id: "a1", content: "first" })] }
      })
      .addNode("second", async () => {
        ran.push("second")
        return { messages: [new AIMessage({ id: "a2", content: "second" })] }
      })
      .addEdge(START, "first")
      .addEdge("first", "second")
      .addEdge("second", END)
      .compile({ checkpointer: saver() })

  const first = await claim(1)
  let second = first
  const robbed = graphOf(async () => {
    second = await claim(2)
  })
  const input = { messages: [new HumanMessage({ id: "h", content: "hello" })] }
  await expect(robbed.invoke(input, first)).rejects.toMatchObject({ name: "FencedError", reason: "fence" })
  expect(ran).toEqual(["first"])

  const next = graphOf(async () => {})
  const { messages } = await next.invoke(null, second)
  expect(messages.map(({ content }) => content)).toEqual(["hello", "first", "second"])
  expect(ran).toEqual(["first", "first", "second"])
})
