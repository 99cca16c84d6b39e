/** A store that is away for a moment, or takes no writes, is no reason for a run to fail. */
import { EngineError } from "@everthread/engine"
import { type BaseCheckpointSaver, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { Harness, runOf, saidIn } from "./support/harness.ts"
import { WordModel } from "./support/word-model.ts"

type Method = "put" | "putWrites" | "storeWith" | "getTuple"

/** The saver, with a store behind it that refuses each of these the first few times. */
function refusing(saver: BaseCheckpointSaver, code: EngineError["code"], methods: readonly Method[]) {
  const left = new Map<PropertyKey, number>(methods.map((method) => [method, 3]))
  const refused: string[] = []
  const proxy = new Proxy(saver, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== "function") return value
      const times = left.get(key) ?? 0
      if (times === 0) return value.bind(target)
      return async () => {
        left.set(key, times - 1)
        refused.push(String(key))
        throw new EngineError(code, "The store is away.")
      }
    },
  })
  return { saver: proxy, refused }
}

const counting = () => {
  const say = (words: readonly string[]) => {
    const model = new WordModel(words)
    return async (state: typeof MessagesAnnotation.State) => ({ messages: [await model.invoke(state.messages)] })
  }
  return new StateGraph(MessagesAnnotation)
    .addNode("low", say(["one ", "two"]))
    .addNode("high", say(["three ", "four"]))
    .addEdge(START, "low")
    .addEdge("low", "high")
    .compile()
}

const beside = ["storeWith", "getTuple"] as const
const alone = ["put", "putWrites", "getTuple"] as const

test.each([
  ["read-only", "beside the log", ["storeWith"]],
  ["unavailable", "beside the log", beside],
  ["unknown", "beside the log", beside],
  ["unavailable", "by themselves", alone],
  ["unknown", "by themselves", alone],
] as const)(
  "[STO2] [STO3] a run waits for a store whose checkpoints, %s, %s, cannot be reached, and goes on",
  async (code, where, methods) => {
    const own = await Harness.open()
    const { saver, refused } = refusing(where === "beside the log" ? own.saver : new MemorySaver(), code, methods)
    const h = new Harness(own.folder, own.engine, saver)
    try {
      const conversation = await h.conversation()
      await h.worker({ agent: counting() }, { retryMs: 1, retryMsMax: 5 })
      const run = await h.ask(conversation, "count")
      const state = await h.ended(conversation, run)
      expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 1 })
      expect(saidIn(state, run)).toEqual(["one two", "three four"])
      expect(new Set(refused)).toEqual(new Set(methods))
    } finally {
      await h.close()
    }
  },
)

test("[RUN2] [RUN3] a checkpoint that the store refuses to its writer ends the attempt, and not the run", async () => {
  const own = await Harness.open()
  let left = 1
  const saver = new Proxy(own.saver, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== "function") return value
      if (key !== "storeWith" || left === 0) return value.bind(target)
      return async () => {
        left -= 1
        return { status: "fenced" }
      }
    },
  })
  const h = new Harness(own.folder, own.engine, saver)
  try {
    const conversation = await h.conversation()
    await h.worker({ agent: counting() }, { pollMs: 5 })
    const run = await h.ask(conversation, "count")
    const state = await h.ended(conversation, run)
    expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 2 })
    expect(saidIn(state, run)).toEqual(["one two", "three four"])
    expect(h.lines.filter(({ level }) => level === "error")).toEqual([])
  } finally {
    await h.close()
  }
})

test("a store that is away is told once, and not at each try", async () => {
  const own = await Harness.open()
  const spells = [true, true, true, false, true]
  let isSeen = () => {}
  const seen = new Promise<void>((resolve) => {
    isSeen = resolve
  })
  const leases = new Proxy(own.engine.leases, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== "function") return value
      if (key !== "openRuns") return value.bind(target)
      return async () => {
        const isAway = spells.shift()
        if (isAway === undefined) isSeen()
        if (isAway) throw new EngineError("unavailable", "The store is away.")
        return target.openRuns()
      }
    },
  })
  const h = new Harness(own.folder, { ...own.engine, leases }, own.saver)
  try {
    await h.worker({ agent: counting() }, { pollMs: 1 })
    await seen
    expect(h.lines.map(({ level }) => level)).toEqual(["warn", "debug", "debug", "warn"])
  } finally {
    await h.close()
  }
})
