/** Who may write, and what the refused see. */
import { FencedError, type FenceOptions, keyPrefixOf } from "../src/index.ts"
import { type Configurable, idsOf, put, read, valuesOf, write } from "./checkpoints.ts"
import { saverOn, stores, type TestStore } from "./servers.ts"

const ownerKey = (thread: string) => `${keyPrefixOf(thread)}owner`

describe.each(stores)("fences on %s", (_name, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())
  beforeEach(() => store.all("FLUSHALL"))

  const fenced = (onFenced?: FenceOptions["onFenced"]) =>
    saverOn(store, { fence: { key: ownerKey, field: "s", ...(onFenced ? { onFenced } : {}) } })

  /** Makes this the thread's current fence. @returns what its owner puts into its config. */
  async function claim(thread: string, number: number, nonce: string): Promise<Configurable> {
    const state = `${number}:${nonce}:42 381-1234567890123`
    await store.command(ownerKey(thread), "HSET", ownerKey(thread), "s", state)
    return { thread_id: thread, __fence: { number, nonce } }
  }

  test("[RUN2] an owner's writes are taken until another one has claimed the thread", async () => {
    const refused: string[] = []
    const saver = fenced((thread) => refused.push(thread))
    const first = await claim("t", 7, "abcDEF123456")
    const one = { ...(await put(saver, first, { a: 1 })), ...first }
    await write(saver, one, [["a", 2]], "task-1")
    const second = await claim("t", 8, "ghiJKL123456")

    await expect(put(saver, one, { a: 3 })).rejects.toMatchObject({ name: "FencedError", reason: "fence" })
    await expect(write(saver, one, [["a", 3]], "task-2")).rejects.toBeInstanceOf(FencedError)
    await expect(saver.truncateAfter({ configurable: one })).rejects.toBeInstanceOf(FencedError)
    expect(refused).toEqual(["t", "t", "t"])
    const tuple = await read(saver, { thread_id: "t" })
    expect(tuple?.checkpoint.channel_values).toEqual({ a: 1 })
    expect(tuple?.pendingWrites).toEqual([["task-1", "a", 2]])

    await put(saver, { ...one, ...second }, { a: 4 })
    expect(await valuesOf(saver, { thread_id: "t" })).toEqual({ a: 4 })
  })

  test.each([
    ["the same number of another claim", 7, "other"],
    ["a number that only begins alike", 70, "abc"],
    ["a number that only ends alike", 17, "abc"],
    ["a nonce that only begins alike", 7, "abcd"],
  ])("[RUN2] %s is another fence", async (_what, number, nonce) => {
    const owner = await claim("t", 7, "abc")
    await claim("t", number, nonce)
    await expect(put(fenced(), owner)).rejects.toMatchObject({ reason: "fence" })
    expect(await idsOf(fenced(), { thread_id: "t" })).toEqual([])
  })

  test("[RUN2] a fence of a thread that nobody ever owned is refused", async () => {
    const write = put(fenced(), { thread_id: "nobody's", __fence: { number: 1, nonce: "x" } })
    await expect(write).rejects.toMatchObject({ reason: "fence", threadId: "nobody's" })
  })

  test("[RUN2] an owner continues the thread where it ends, or is refused", async () => {
    const saver = fenced()
    const owner = await claim("t", 1, "n")
    const root = { ...(await put(saver, owner)), ...owner }
    const next = { ...(await put(saver, root)), ...owner }
    await expect(put(saver, root)).rejects.toMatchObject({ reason: "parent" })
    await expect(put(saver, owner)).rejects.toMatchObject({ reason: "parent" })
    await expect(put(saver, { ...next, checkpoint_id: "nowhere" })).rejects.toMatchObject({ reason: "parent" })
    expect(await idsOf(saver, { thread_id: "t" })).toEqual([next.checkpoint_id, root.checkpoint_id])
    await put(saver, next)
  })

  test("[RUN2] a store that lost what the owner builds on refuses it", async () => {
    const saver = fenced()
    const owner = await claim("t", 1, "n")
    const root = { ...(await put(saver, owner)), ...owner }
    await saver.deleteThread("t")
    await expect(put(saver, root)).rejects.toMatchObject({ reason: "parent" })
  })

  test("[RUN2] the same put made twice, as after a lost reply, is one", async () => {
    const saver = fenced()
    const owner = await claim("t", 1, "n")
    const checkpoint = {
      id: "1f0",
      v: 4,
      ts: "",
      channel_values: { a: 1 },
      channel_versions: { a: 1 },
      versions_seen: {},
    }
    const once = () =>
      saver.put({ configurable: owner }, checkpoint, { source: "loop", step: 0, parents: {} }, { a: 1 })
    await once()
    await once()
    expect(await idsOf(saver, { thread_id: "t" })).toEqual(["1f0"])
  })

  test("[RUN2] of two who continue one checkpoint under one fence, one is refused", async () => {
    const owner = await claim("t", 1, "n")
    const root = { ...(await put(fenced(), owner)), ...owner }
    const results = await Promise.allSettled([put(fenced(), root), put(fenced(), root)])
    expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(await idsOf(fenced(), { thread_id: "t" })).toHaveLength(2)
  })

  test("[RUN2] subgraphs of one owner may branch, upon what is there", async () => {
    const saver = fenced()
    const owner = await claim("t", 1, "n")
    const root = { ...(await put(saver, { ...owner, checkpoint_ns: "sub" })), ...owner }
    await put(saver, root)
    await put(saver, root)
    await put(saver, { ...owner, checkpoint_ns: "sub" })
    await expect(put(saver, { ...root, checkpoint_id: "nowhere" })).rejects.toMatchObject({ reason: "parent" })
  })

  test("a fence that cannot be checked is an error, not a write", async () => {
    const plain = saverOn(store)
    await expect(put(plain, { thread_id: "t", __fence: { number: 1, nonce: "n" } })).rejects.toThrow(
      'no option "fence"',
    )
    for (const fence of [
      null,
      {},
      { number: "1", nonce: "n" },
      { number: 1, nonce: "" },
      { number: 1, nonce: "a:b" },
    ]) {
      await expect(put(fenced(), { thread_id: "t", __fence: fence })).rejects.toThrow("must be {number, nonce}")
    }
    expect(await idsOf(plain, { thread_id: "t" })).toEqual([])
  })
})
