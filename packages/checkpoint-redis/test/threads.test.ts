/** What is done to whole threads: copied, cut back, deleted, left to expire; and two savers on one. */
import { keyPrefixOf } from "../src/index.ts"
import { chain, idsOf, metadata, put, putCheckpoint, read, valuesOf, write } from "./checkpoints.ts"
import { saverOn, stores, type TestStore } from "./servers.ts"

describe.each(stores)("threads on %s", (_name, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())
  beforeEach(() => store.all("FLUSHALL"))

  const keysOf = (thread: string) => [`${keyPrefixOf(thread)}thread`, `${keyPrefixOf(thread)}order`]
  const fieldsOf = async (thread: string) => {
    const [hash = ""] = keysOf(thread)
    return ((await store.command(hash, "HKEYS", hash)) as string[]).sort()
  }

  test("[RUN3] branches of one thread keep their own values", async () => {
    const saver = saverOn(store)
    const root = await put(saver, { thread_id: "t" }, { kept: "kept", changed: 0 })
    const base = (await read(saver, root))?.checkpoint
    if (!base) throw new Error("nothing was stored")
    const branch = async (id: string, value: number) => {
      const changed = saver.getNextVersion(base.channel_versions["changed"] as number)
      const channel_versions = { ...base.channel_versions, changed }
      const next = { ...base, id, channel_values: { ...base.channel_values, changed: value }, channel_versions }
      return (await saver.put({ configurable: root }, next, metadata, { changed })).configurable ?? {}
    }
    const [one, two] = [await branch("2", 1), await branch("3", 2)]
    expect(await valuesOf(saver, one)).toEqual({ kept: "kept", changed: 1 })
    expect(await valuesOf(saver, two)).toEqual({ kept: "kept", changed: 2 })
  })

  test("[RUN3] an ordinary write is made once; what a person answers may be written again", async () => {
    const saver = saverOn(store)
    const place = await put(saver, { thread_id: "t" })
    await write(saver, place, [["a", "first"]], "task")
    await write(saver, place, [["a", "second"]], "task")
    await write(saver, place, [["__resume__", "first"]], "task")
    await saver.putWrites({ configurable: place }, [["__resume__", "second"]], "task", "path/of/the/task")
    expect((await read(saver, place))?.pendingWrites).toEqual([
      ["task", "__resume__", "second"],
      ["task", "a", "first"],
    ])
  })

  test("[RUN3] a task's writes may come before their checkpoint", async () => {
    const saver = saverOn(store)
    await write(saver, { thread_id: "t", checkpoint_id: "1" }, [["a", 1]], "task")
    expect(await read(saver, { thread_id: "t" })).toBeUndefined()
    await saver.put(
      { configurable: { thread_id: "t" } },
      { v: 4, id: "1", ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} },
      metadata,
      {},
    )
    expect((await read(saver, { thread_id: "t" }))?.pendingWrites).toEqual([["task", "a", 1]])
  })

  test("[RUN3] the newest checkpoint is the one put last, whatever the clock in its id says", async () => {
    const saver = saverOn(store)
    const at = (id: string) => ({ v: 4, id, ts: "", channel_values: {}, channel_versions: {}, versions_seen: {} })
    const ahead = await putCheckpoint(saver, { thread_id: "t" }, at("1f0-of-a-node-whose-clock-is-ahead"))
    const behind = await putCheckpoint(saver, ahead, at("1e0-of-a-node-whose-clock-is-right"))
    expect((await read(saver, { thread_id: "t" }))?.config.configurable).toEqual(behind)
    expect(await idsOf(saver, { thread_id: "t" })).toEqual([behind.checkpoint_id, ahead.checkpoint_id])
  })

  test("deleting a thread leaves nothing of it, and everything of the others", async () => {
    const saver = saverOn(store)
    for (const thread of ["t", "t2"]) {
      const place = await put(saver, { thread_id: thread, checkpoint_ns: "sub" }, { a: thread })
      await write(saver, place, [["a", 1]], "task")
    }
    await saver.deleteThread("t")
    expect(((await store.all("KEYS", "*")) as string[][]).flat().sort()).toEqual(keysOf("t2").sort())
    expect(await valuesOf(saver, { thread_id: "t2", checkpoint_ns: "sub" })).toEqual({ a: "t2" })
  })

  test("a copy has everything, and goes its own way from there", async () => {
    const saver = saverOn(store, { ttlMs: 1_000_000 })
    const [first = {}, second = {}] = await chain(saver, { thread_id: "t" }, 2)
    await write(saver, second, [["a", new Map([[1, 2]])]], "task")
    expect(await saver.copyThread("t", "u")).toBe(true)
    const { config: _, parentConfig: __, ...copy } = (await read(saver, { ...second, thread_id: "u" })) ?? {}
    expect(await read(saver, second)).toMatchObject(copy)

    await put(saver, { ...second, thread_id: "u" }, { at: "elsewhere" })
    expect(await valuesOf(saver, { thread_id: "t" })).toEqual({ at: 1 })
    expect(await valuesOf(saver, { thread_id: "u" })).toEqual({ at: "elsewhere" })
    expect(await idsOf(saver, { thread_id: "t" })).toEqual([second.checkpoint_id, first.checkpoint_id])
    for (const key of [...keysOf("t"), ...keysOf("u")]) {
      expect(Number(await store.command(key, "PTTL", key))).toBeGreaterThan(900_000)
    }
    await expect(saver.copyThread("t", "u")).rejects.toThrow("is there already")
    expect(await saver.copyThread("nowhere", "v")).toBe(false)
  })

  test("[HIS3] a copy up to a checkpoint is what the thread was when it was put, and a missing one leaves none", async () => {
    const saver = saverOn(store)
    const [first = {}, at = {}] = await chain(saver, { thread_id: "t" }, 2)
    await write(saver, first, [["a", "early"]], "task-1")
    await chain(saver, { thread_id: "t", checkpoint_ns: "lasting" }, 1)
    const last = await put(saver, at, { at: "last" })
    await write(saver, last, [["a", "late"]], "task-2")
    const [next = {}] = await chain(saver, last, 1)
    await put(saver, { thread_id: "t", checkpoint_ns: "lasting" }, { at: "late" })

    expect(await saver.copyThread("t", "u", String(last["checkpoint_id"]))).toBe(true)
    expect(await idsOf(saver, { thread_id: "u", checkpoint_ns: "" })).toEqual(
      [last, at, first].map((place) => place["checkpoint_id"]),
    )
    const copy = await read(saver, { thread_id: "u" })
    expect([copy?.checkpoint.channel_values, copy?.pendingWrites]).toEqual([{ at: "last" }, []])
    expect((await read(saver, { ...first, thread_id: "u" }))?.pendingWrites).toEqual([["task-1", "a", "early"]])
    expect(await valuesOf(saver, { thread_id: "u", checkpoint_ns: "lasting" })).toEqual({ at: 0 })

    await saver.deleteThread("u")
    expect(await saver.copyThread("t", "u", "nowhere")).toBe(false)
    expect(await read(saver, { thread_id: "u" })).toBeUndefined()
    expect((await read(saver, { thread_id: "t" }))?.config.configurable).toEqual(next)
  })

  test("cutting a thread back makes it what it was when the checkpoint was put", async () => {
    const saver = saverOn(store)
    const places = await chain(saver, { thread_id: "t" }, 3)
    const [first = {}, , last = {}] = places
    const task = { thread_id: "t", checkpoint_ns: "node:1" }
    await chain(saver, { thread_id: "t", checkpoint_ns: "lasting" }, 1)
    await write(saver, first, [["a", "early"]], "task-1")
    const sub = await put(saver, { thread_id: "t", checkpoint_ns: "lasting" }, {})
    const fields = await fieldsOf("t")

    const [next = {}] = await chain(saver, last, 1)
    await chain(saver, next, 3)
    await chain(saver, task, 2)
    await chain(saver, { ...sub }, 2)
    for (const place of [next, last, sub]) await write(saver, place, [["a", "late"]], "task-2")

    expect(await saver.truncateAfter({ configurable: sub })).toBe(8)
    expect(await fieldsOf("t")).toEqual(fields)
    expect(await saver.truncateAfter({ configurable: sub })).toBe(0)
    expect((await read(saver, { thread_id: "t" }))?.config.configurable).toEqual(last)
    expect((await read(saver, first))?.pendingWrites).toEqual([["task-1", "a", "early"]])
    await expect(saver.truncateAfter({ configurable: next })).rejects.toThrow("has no checkpoint")
  })

  test("a thread expires as a whole, some time after its last write and not after its last read", async () => {
    const saver = saverOn(store, { ttlMs: 1_000_000 })
    const shorten = () => Promise.all(keysOf("t").map((key) => store.command(key, "PEXPIRE", key, "500000")))
    const left = () =>
      Promise.all(keysOf("t").map(async (key) => Math.ceil(Number(await store.command(key, "PTTL", key)) / 500_000)))
    const place = await put(saver, { thread_id: "t" }, { a: 1 })
    expect(await left()).toEqual([2, 2])
    await shorten()
    await read(saver, place)
    await idsOf(saver, { thread_id: "t" })
    expect(await left()).toEqual([1, 1])
    await write(saver, place, [["a", 1]], "task")
    expect(await left()).toEqual([2, 2])
    await shorten()
    await put(saver, place)
    expect(await left()).toEqual([2, 2])
  })

  test("two savers that write one thread at once lose nothing of each other's", async () => {
    const savers = [saverOn(store), saverOn(store)]
    const root = await put(saverOn(store), { thread_id: "t" }, { a: "root" })
    const branches = await Promise.all(
      savers.map(async (saver, name) => {
        const places = await chain(saver, root, 20)
        await Promise.all(places.map((place, at) => write(saver, place, [["a", at]], `task-${name}`)))
        return places
      }),
    )
    for (const [name, places] of branches.entries()) {
      for (const [at, place] of places.entries()) {
        const tuple = await read(saverOn(store), place)
        expect(tuple?.checkpoint.channel_values).toEqual({ at })
        expect(tuple?.pendingWrites).toEqual([[`task-${name}`, "a", at]])
        expect(tuple?.parentConfig?.configurable).toEqual(places[at - 1] ?? root)
      }
    }
    expect(new Set(await idsOf(saverOn(store), { thread_id: "t" })).size).toBe(41)
  })

  test("writes of many tasks at once upon one checkpoint are all kept", async () => {
    const place = await put(saverOn(store), { thread_id: "t" })
    const tasks = Array.from({ length: 50 }, (_, at) => `task-${String(at).padStart(2, "0")}`)
    await Promise.all(
      tasks.map((task) =>
        write(
          saverOn(store),
          place,
          [
            ["a", task],
            ["b", 1],
          ],
          task,
        ),
      ),
    )
    const expected = tasks.flatMap((task) => [
      [task, "a", task],
      [task, "b", 1],
    ])
    expect((await read(saverOn(store), place))?.pendingWrites).toEqual(expected)
  })
})
