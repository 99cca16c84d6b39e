/** What a call costs the server, and what lies there afterwards. */
import { keyPrefixOf } from "../src/index.ts"
import { chain, idsOf, put, read, write } from "./checkpoints.ts"
import { saverOn, startStore, stores, type TestStore } from "./servers.ts"

describe("round trips", () => {
  let store: TestStore
  beforeAll(async () => {
    store = await startStore()
  })
  afterAll(() => store.stop())
  beforeEach(() => store.all("FLUSHALL"))

  /** @returns which commands clients sent while it ran, by the server's own count. */
  async function commandsOf(run: () => Promise<unknown>): Promise<Record<string, number>> {
    await store.all("CONFIG", "RESETSTAT")
    await run()
    const [stats] = (await store.all("INFO", "commandstats")) as [string]
    const sent = [...stats.matchAll(/cmdstat_(evalsha|eval|script\|?\w*):calls=(\d+)/g)]
    return Object.fromEntries(sent.map(([, command, calls]) => [command, Number(calls)]))
  }

  test("put, putWrites and getTuple are one EVALSHA each, on threads that begin and on those that go on", async () => {
    const saver = saverOn(store, { maxCheckpoints: 3, ttlMs: 60_000 })
    const warm = await put(saver, { thread_id: "warm" }, { a: 1 })
    await write(saver, warm, [["a", 1]], "task")
    await read(saver, warm)

    for (const start of [{ thread_id: "new" }, warm]) {
      let place = start
      const putting = async () => {
        place = await put(saver, start, { a: 1, b: new Uint8Array(3) })
      }
      expect(await commandsOf(putting)).toEqual({ evalsha: 1 })
      expect(
        await commandsOf(() =>
          write(
            saver,
            place,
            [
              ["a", 1],
              ["b", 2],
            ],
            "task",
          ),
        ),
      ).toEqual({ evalsha: 1 })
      expect(await commandsOf(() => read(saver, { thread_id: place.thread_id }))).toEqual({ evalsha: 1 })
      expect(await commandsOf(() => read(saver, place))).toEqual({ evalsha: 1 })
    }
    const history = () => saver.getDeltaChannelHistory({ config: { configurable: warm }, channels: ["a"] })
    await history()
    expect(await commandsOf(history)).toEqual({ evalsha: 1 })
  })

  test("a listing is read in pages, and no further than it is wanted", async () => {
    const saver = saverOn(store)
    const places = await chain(saver, { thread_id: "t" }, 40)
    const newestFirst = places.map(({ checkpoint_id }) => checkpoint_id).reverse()
    expect(await idsOf(saver, { thread_id: "t" })).toEqual(newestFirst)
    expect(await commandsOf(() => idsOf(saver, { thread_id: "t" }))).toEqual({ evalsha: 3 })
    const two = async () => {
      for await (const _ of saver.list({ configurable: { thread_id: "t" } }, { limit: 2 }));
    }
    expect(await commandsOf(two)).toEqual({ evalsha: 1 })
  })

  test("a page ends where it has many bytes, too", async () => {
    const saver = saverOn(store)
    for (let at = 0; at < 5; at++) await put(saver, { thread_id: "t" }, { a: "x".repeat(600_000) })
    expect(await commandsOf(() => idsOf(saver, { thread_id: "t" }))).toEqual({ evalsha: 3 })
    expect(await idsOf(saver, { thread_id: "t" })).toHaveLength(5)
  })

  test("unchanged values are stored once, however many checkpoints there are", async () => {
    const saver = saverOn(store)
    const large = "x".repeat(1_000_000)
    const first = await put(saver, { thread_id: "t" }, { large })
    const root = (await read(saver, first))?.checkpoint
    if (!root) throw new Error("nothing was stored")
    for (let at = 0; at < 20; at++) {
      const next = { ...root, id: `${root.id}-${String(at).padStart(2, "0")}` }
      await saver.put({ configurable: first }, next, { source: "loop", step: at, parents: {} }, {})
    }
    const key = `${keyPrefixOf("t")}thread`
    const bytes = await store.command(key, "MEMORY", "USAGE", key, "SAMPLES", "0")
    expect(Number(bytes)).toBeLessThan(1_100_000)
    const newest = await read(saver, { thread_id: "t" })
    expect(newest?.checkpoint.channel_values).toEqual({ large })
  })
})

describe.each(stores)("keys on %s", (_name, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())

  test("a thread has two keys with one hash tag, whatever is done to it", async () => {
    const saver = saverOn(store, { maxCheckpoints: 3 })
    const places = await chain(saver, { thread_id: "t" }, 12)
    for (const place of places.slice(-3)) await write(saver, place, [["a", 1]], "task")
    await chain(saver, { thread_id: "t", checkpoint_ns: "sub" }, 3)
    await saver.prune("t", 1)
    await saver.copyThread("t", "u")
    const keys = ((await store.all("KEYS", "*")) as string[][]).flat()
    expect(keys.sort()).toEqual(["cp:{t}:order", "cp:{t}:thread", "cp:{u}:order", "cp:{u}:thread"])
  })

  test("a prefix of one's own may hold many threads in one slot", async () => {
    await store.all("FLUSHALL")
    const saver = saverOn(store, { keyPrefixOf: (thread) => `app:{p017}:cp:${thread}:` })
    for (const thread of ["a", "b"]) await put(saver, { thread_id: thread }, { a: thread })
    await saver.deleteThread("a")
    const keys = ((await store.all("KEYS", "*")) as string[][]).flat()
    expect(keys.sort()).toEqual(["app:{p017}:cp:b:order", "app:{p017}:cp:b:thread"])
  })
})
