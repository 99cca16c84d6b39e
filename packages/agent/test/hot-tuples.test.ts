/** What an attempt keeps of its thread: the same as the store would give, and asked for once. */
import {
  type BaseCheckpointSaver,
  emptyCheckpoint,
  interrupt,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph"
import * as fc from "fast-check"
import { HotTuples } from "../src/langgraph/hot-tuples.ts"
import { runOf } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"

/** The saver, and what was read of it: the namespace of each reading. */
function counting(saver: BaseCheckpointSaver, read: string[]): BaseCheckpointSaver {
  return new Proxy(saver, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== "function") return value
      if (key !== "getTuple") return value.bind(target)
      return (config: Parameters<BaseCheckpointSaver["getTuple"]>[0]) => {
        read.push(String(config.configurable?.["checkpoint_ns"] ?? "").replace(/:.*/, ""))
        return target.getTuple(config)
      }
    },
  })
}

type Tuple = Awaited<ReturnType<HotTuples["getTuple"]>>

const inOrder = (tuple: Tuple) =>
  tuple && { ...tuple, pendingWrites: (tuple.pendingWrites ?? []).toSorted(([a], [b]) => (a < b ? -1 : 1)) }

/** As it comes out of JSON: minus zero, which the store does not know, is zero. */
const json = fc.jsonValue().map((value): unknown => JSON.parse(JSON.stringify(value)))

const step = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), ns: fc.constantFrom("", "inner"), value: json }),
  fc.record({
    kind: fc.constant("write" as const),
    ns: fc.constantFrom("", "inner"),
    task: fc.constantFrom("t1", "t2", "t3"),
    channel: fc.constantFrom("a", "__interrupt__", "__resume__"),
    value: json,
  }),
  fc.record({ kind: fc.constant("read" as const), ns: fc.constantFrom("", "inner") }),
)

test("[RUN3] what is kept is what the store would give, whatever was written before", async () => {
  const { saver } = await openHarness()
  let threads = 0
  const law = async (steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]) => {
    const thread = `thread-${++threads}`
    const hot = new HotTuples((config) => saver.getTuple(config))
    const at = new Map<string, string>()
    for (const one of steps) {
      const newest = { configurable: { thread_id: thread, checkpoint_ns: one.ns } }
      const id = at.get(one.ns)
      const config = id === undefined ? newest : { configurable: { ...newest.configurable, checkpoint_id: id } }
      if (one.kind === "put") {
        const version = saver.getNextVersion(undefined)
        const next = `id-${String(at.size)}-${String(threads)}-${String(steps.indexOf(one)).padStart(3, "0")}`
        const checkpoint = {
          ...emptyCheckpoint(),
          id: next,
          channel_values: { a: one.value },
          channel_versions: { a: version },
        }
        const metadata = { source: "loop" as const, step: 1, parents: {} }
        const stored = await saver.put(config, checkpoint, metadata, { a: version })
        hot.put(config, stored, checkpoint, metadata)
        at.set(one.ns, checkpoint.id)
      } else if (one.kind === "write" && id !== undefined) {
        await saver.putWrites(config, [[one.channel, one.value]], one.task)
        hot.putWrites(config, [[one.channel, one.value]], one.task)
      }
      expect(inOrder(await hot.getTuple(newest))).toEqual(inOrder(await saver.getTuple(newest)))
      if (id !== undefined) expect(inOrder(await hot.getTuple(config))).toEqual(inOrder(await saver.getTuple(config)))
    }
  }
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 8 }), law), { numRuns: 25 })
})

test("[RUN3] a run that goes on after a question reads its newest checkpoint once", async () => {
  const read: string[] = []
  const h = await openHarness({ saver: (saver) => counting(saver, read) })
  const conversation = await h.conversation()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", () => ({ messages: [{ role: "ai", content: String(interrupt("sure?")) }] }))
    .addEdge(START, "ask")
    .compile()
  await h.worker({ agent: graph })
  const run = await h.ask(conversation, "hi")
  const waiting = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  read.length = 0
  await h.answer(conversation, run, waiting.interrupts[0]?.id ?? "", "yes")
  expect(runOf(await h.ended(conversation, run), run)?.status).toBe("completed")
  expect(read).toEqual([""])
})

test("a subgraph with a memory of its own is read once in an attempt, however often it is called", async () => {
  const read: string[] = []
  const h = await openHarness({ saver: (saver) => counting(saver, read) })
  const conversation = await h.conversation()
  const seen: number[] = []
  const inner = new StateGraph(MessagesAnnotation)
    .addNode("count", ({ messages }) => {
      seen.push(messages.length)
      return { messages: [{ role: "ai", content: "counted" }] }
    })
    .addEdge(START, "count")
    .compile({ checkpointer: true })
  const outer = new StateGraph(MessagesAnnotation)
    .addNode("inner", inner)
    .addNode("again", () => ({ messages: [{ role: "ai", content: "again" }] }))
    .addEdge(START, "inner")
    .addEdge("inner", "again")
    .addConditionalEdges("again", ({ messages }) => (messages.length < 6 ? "inner" : "__end__"))
    .compile()
  await h.worker({ agent: outer })
  expect(runOf(await h.ended(conversation, await h.ask(conversation, "hi")), "r2")?.status).toBe("completed")
  expect(seen.length).toBeGreaterThan(1)
  expect(read.filter((ns) => ns === "")).toHaveLength(1)
  expect(read.filter((ns) => ns === "inner")).toHaveLength(1)
})
