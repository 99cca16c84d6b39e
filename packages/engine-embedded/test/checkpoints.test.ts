/** What the checkpoint saver promises beyond LangGraph's own suite: fences, durability, branches. */
import { HumanMessage } from "@langchain/core/messages"
import { type Checkpoint, type CheckpointMetadata, emptyCheckpoint, uuid6 } from "@langchain/langgraph-checkpoint"
import { EmbeddedSaver, FencedError } from "../src/checkpoints/index.ts"
import { type EmbeddedEngine, openEmbeddedEngine } from "../src/index.ts"
import { freshFolder } from "./folders.ts"

const metadata: CheckpointMetadata = { source: "loop", step: 0, parents: {} }

/** A checkpoint whose channels have these values, each with a version of its own. */
function checkpointOf(saver: EmbeddedSaver, values: Record<string, unknown>): Checkpoint {
  const versions = Object.fromEntries(Object.keys(values).map((channel) => [channel, saver.getNextVersion(undefined)]))
  return { ...emptyCheckpoint(), id: uuid6(0), channel_values: values, channel_versions: versions }
}

const put = (saver: EmbeddedSaver, configurable: Record<string, unknown>, checkpoint: Checkpoint) =>
  saver.put({ configurable }, checkpoint, metadata, checkpoint.channel_versions)

describe("the checkpoint saver", () => {
  let folder: string
  let engine: EmbeddedEngine

  beforeEach(async () => {
    folder = freshFolder()
    engine = await openEmbeddedEngine({ folder })
  })
  afterEach(() => engine.close())

  /** A conversation with a claimed run. */
  async function claimed(conversation: string) {
    const bodies = ["{}"]
    await engine.log.create({ conversation, nonce: "nonceOfBegin", bodies, members: [] })
    await engine.log.append({ conversation, nonce: "nonceOfRun", bodies, runs: [{ run: "r", state: "open" }] })
    const claim = (instead: { number: number; nonce: string } | undefined) =>
      engine.leases.claim({ conversation, run: "r", node: "n", nonce: `claim${instead?.number ?? 0}`, instead })
    const fence = await claim(undefined)
    return { fence, claim }
  }

  test("[RUN2] an owner's writes are taken until another one has claimed the run", async () => {
    const saver = new EmbeddedSaver(engine)
    const { fence, claim } = await claimed("c")
    const config = await put(saver, { thread_id: "c", __fence: fence }, checkpointOf(saver, { a: 1 }))
    const owned = { configurable: { ...config.configurable, __fence: fence } }
    await saver.putWrites(owned, [["a", 2]], "task-1")
    const next = await claim(fence)

    await expect(put(saver, owned.configurable, checkpointOf(saver, { a: 3 }))).rejects.toBeInstanceOf(FencedError)
    await expect(saver.putWrites(owned, [["a", 3]], "task-2")).rejects.toBeInstanceOf(FencedError)
    const tuple = await saver.getTuple({ configurable: { thread_id: "c" } })
    expect(tuple?.checkpoint.channel_values).toEqual({ a: 1 })
    expect(tuple?.pendingWrites).toEqual([["task-1", "a", 2]])

    await put(saver, { ...config.configurable, __fence: next }, checkpointOf(saver, { a: 4 }))
    expect((await saver.getTuple({ configurable: { thread_id: "c" } }))?.checkpoint.channel_values).toEqual({ a: 4 })
  })

  test("[RUN3] the newest checkpoint is the one that was written last, whatever the clock said that its id was made by", async () => {
    const saver = new EmbeddedSaver(engine)
    const [earlier, later] = [checkpointOf(saver, { a: 1 }), checkpointOf(saver, { a: 2 })]
    const config = await put(saver, { thread_id: "t" }, later)
    const newest = async () => (await saver.getTuple({ configurable: { thread_id: "t" } }))?.checkpoint.id
    await put(saver, { ...config.configurable }, earlier)
    expect(earlier.id < later.id).toBe(true)
    expect(await newest()).toBe(earlier.id)
    // Put again, as after an answer that was lost, it is no newer than it was.
    await put(saver, { thread_id: "t" }, later)
    expect(await newest()).toBe(earlier.id)
  })

  test("[RUN2] a fence of a conversation that nobody owns, or that is not there, is refused", async () => {
    const saver = new EmbeddedSaver(engine)
    const { fence } = await claimed("c")
    if (fence) await engine.leases.release("c", fence)
    for (const thread of ["c", "nowhere"]) {
      const write = put(saver, { thread_id: thread, __fence: fence }, checkpointOf(saver, {}))
      await expect(write).rejects.toBeInstanceOf(FencedError)
    }
  })

  test("[RUN2] a thread belongs to the conversation that the saver was told", async () => {
    const saver = new EmbeddedSaver(engine, { conversationOf: (thread) => thread.split("/")[0] ?? thread })
    const { fence } = await claimed("c")
    await put(saver, { thread_id: "c/agent", __fence: fence }, checkpointOf(saver, { a: 1 }))
    expect(await saver.getTuple({ configurable: { thread_id: "c/agent" } })).toBeDefined()
  })

  test("[RUN2] a refused write does not keep others in the same commit from being stored", async () => {
    const saver = new EmbeddedSaver(engine)
    const fenced = { thread_id: "c", __fence: { number: 1, nonce: "nobody" } }
    const results = await Promise.allSettled([
      put(saver, { thread_id: "t" }, checkpointOf(saver, { a: 1 })),
      put(saver, fenced, checkpointOf(saver, { a: 1 })),
      saver.putWrites({ configurable: { thread_id: "t", checkpoint_id: "x" } }, [["a", 1]], "task", "path/of/the/task"),
    ])
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  })

  test("[RUN3] what was stored is there after the engine was closed and opened again, of every type", async () => {
    const saver = new EmbeddedSaver(engine)
    const values = {
      text: "é 漢字 😀",
      bytes: new Uint8Array([0, 1, 255]),
      map: new Map([["a", { b: new Set([1, 2]) }]]),
      message: new HumanMessage({ content: "hello", id: "m1" }),
      large: "x".repeat(300_000),
    }
    const config = await put(saver, { thread_id: "t" }, checkpointOf(saver, values))
    await saver.putWrites(config, [["map", values.map]], "task")
    const before = await saver.getTuple(config)
    await engine.close()
    engine = await openEmbeddedEngine({ folder })
    const after = await new EmbeddedSaver(engine).getTuple(config)
    expect(after).toEqual(before)
    expect(after?.checkpoint.channel_values).toEqual(values)
    expect(after?.pendingWrites).toEqual([["task", "map", values.map]])
  })

  test("[RUN3] branches of one thread keep their own values, and unchanged values are stored once", async () => {
    const saver = new EmbeddedSaver(engine)
    const root = checkpointOf(saver, { kept: "kept", changed: 0 })
    const rootConfig = await put(saver, { thread_id: "t" }, root)
    const branch = (value: number) => {
      const changed = saver.getNextVersion(root.channel_versions["changed"] as number)
      const checkpoint: Checkpoint = {
        ...root,
        id: uuid6(0),
        channel_values: { kept: "kept", changed: value },
        channel_versions: { ...root.channel_versions, changed },
      }
      return saver.put(rootConfig, checkpoint, metadata, { changed })
    }
    const [one, two] = [await branch(1), await branch(2)]
    expect((await saver.getTuple(one))?.checkpoint.channel_values).toEqual({ kept: "kept", changed: 1 })
    expect((await saver.getTuple(two))?.checkpoint.channel_values).toEqual({ kept: "kept", changed: 2 })
  })

  test("[RUN3] an ordinary write is made once; what a person answers may be written again", async () => {
    const saver = new EmbeddedSaver(engine)
    const config = await put(saver, { thread_id: "t" }, checkpointOf(saver, {}))
    await saver.putWrites(config, [["a", "first"]], "task")
    await saver.putWrites(config, [["a", "second"]], "task")
    await saver.putWrites(config, [["__resume__", "first"]], "task")
    await saver.putWrites(config, [["__resume__", "second"]], "task")
    expect((await saver.getTuple(config))?.pendingWrites).toEqual([
      ["task", "__resume__", "second"],
      ["task", "a", "first"],
    ])
  })

  test("[RUN3] deleting a thread leaves nothing of it, and everything of the others", async () => {
    const saver = new EmbeddedSaver(engine)
    for (const thread of ["t", "t2"]) {
      const config = await put(saver, { thread_id: thread, checkpoint_ns: "sub" }, checkpointOf(saver, { a: thread }))
      await saver.putWrites(config, [["a", 1]], "task")
    }
    await saver.deleteThread("t")
    const left = engine.store.read(({ checkpoints }) => [...checkpoints.getKeys()].map((key) => key[1]))
    expect(new Set(left)).toEqual(new Set(["t2"]))
    expect(left).toHaveLength(4)
  })

  test("[HIS3] a copy up to a checkpoint is what the thread was when it was put, and goes its own way", async () => {
    const saver = new EmbeddedSaver(engine)
    const first = await put(saver, { thread_id: "t" }, checkpointOf(saver, { a: 1 }))
    await saver.putWrites(first, [["a", "early"]], "task-1")
    await put(saver, { thread_id: "t", checkpoint_ns: "lasting" }, checkpointOf(saver, { b: 1 }))
    const at = await put(saver, first.configurable ?? {}, checkpointOf(saver, { a: 2 }))
    await saver.putWrites(at, [["a", "late"]], "task-2")
    const next = await put(saver, at.configurable ?? {}, checkpointOf(saver, { a: 3 }))
    await put(saver, { thread_id: "t", checkpoint_ns: "lasting" }, checkpointOf(saver, { b: 2 }))

    expect(await saver.copyThread("t", "u", String(at.configurable?.["checkpoint_id"]))).toBe(true)
    const copy = await saver.getTuple({ configurable: { thread_id: "u" } })
    expect(copy?.config.configurable).toEqual({ ...at.configurable, thread_id: "u" })
    expect([copy?.checkpoint.channel_values, copy?.pendingWrites]).toEqual([{ a: 2 }, []])
    const before = await saver.getTuple({ configurable: { ...first.configurable, thread_id: "u" } })
    expect([before?.checkpoint.channel_values, before?.pendingWrites]).toEqual([{ a: 1 }, [["task-1", "a", "early"]]])
    const lasting = await saver.getTuple({ configurable: { thread_id: "u", checkpoint_ns: "lasting" } })
    expect(lasting?.checkpoint.channel_values).toEqual({ b: 1 })

    await put(saver, copy?.config.configurable ?? {}, checkpointOf(saver, { a: "elsewhere" }))
    expect((await saver.getTuple({ configurable: { thread_id: "t" } }))?.config).toEqual(next)
  })

  test("[HIS4] copying into a thread that is there, or from a checkpoint that is not, changes nothing", async () => {
    const saver = new EmbeddedSaver(engine)
    const { configurable } = await put(saver, { thread_id: "t" }, checkpointOf(saver, { a: 1 }))
    const id = String(configurable?.["checkpoint_id"])
    await put(saver, { thread_id: "u" }, checkpointOf(saver, { a: "own" }))
    await expect(saver.copyThread("t", "u", id)).rejects.toThrow("is there already")
    expect(await saver.copyThread("t", "v", `${id}0`)).toBe(false)
    expect(await saver.copyThread("nowhere", "v", id)).toBe(false)
    expect(await saver.getTuple({ configurable: { thread_id: "v" } })).toBeUndefined()
    const own = await saver.getTuple({ configurable: { thread_id: "u" } })
    expect(own?.checkpoint.channel_values).toEqual({ a: "own" })
  })
})
