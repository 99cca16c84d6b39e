/** What is stored comes back as it was, and what cannot be read or stored says so. */
import { HumanMessage } from "@langchain/core/messages"
import { keyPrefixOf, RedisSaver, UnreadableCheckpointError, ValueTooLargeError } from "../src/index.ts"
import { checkpointOf, idsOf, put, putCheckpoint, read, valuesOf, write } from "./checkpoints.ts"
import { saverOn, startStore, type TestStore } from "./servers.ts"

let store: TestStore
beforeAll(async () => {
  store = await startStore()
})
afterAll(() => store.stop())
beforeEach(() => store.all("FLUSHALL"))

const hash = (thread: string) => `${keyPrefixOf(thread)}thread`

test("[RUN3] values of every type come back, as values and as writes", async () => {
  const saver = saverOn(store)
  const values = {
    text: "é 漢字 😀 \0 \r\n",
    bytes: new Uint8Array([0, 1, 13, 10, 255]),
    map: new Map([["a", { b: new Set([1, 2]) }]]),
    error: new Error("went wrong"),
    pattern: /a.b/gi,
    nothing: null,
    emptiness: "",
    message: new HumanMessage({ content: "hello", id: "m1" }),
    large: "x".repeat(3_000_000),
  }
  const place = await put(saver, { thread_id: "t" }, values)
  await write(saver, place, Object.entries(values), "task")
  const tuple = await read(saverOn(store), place)
  expect(tuple?.checkpoint.channel_values).toEqual(values)
  expect(tuple?.checkpoint.channel_values["bytes"]).toBeInstanceOf(Uint8Array)
  expect(tuple?.pendingWrites).toEqual(Object.entries(values).map(([channel, value]) => ["task", channel, value]))
})

test("versions come back as they were, to the last digit, and as text where they are text", async () => {
  const saver = saverOn(store)
  const versions = { a: 4.123456789012345, b: 0.1 + 0.2, c: "00000002.25", d: 12345678901, __proto__x: 1 }
  const values = Object.fromEntries(Object.keys(versions).map((channel) => [channel, channel]))
  const checkpoint = { ...checkpointOf(saver, values), channel_versions: versions }
  const tuple = await read(saver, await putCheckpoint(saver, { thread_id: "t" }, checkpoint))
  expect(tuple?.checkpoint).toEqual(checkpoint)
})

test.each(["}x{", "a}:b", "漢字 😀", "a b/c?d=e#f", "{", "%7D", "*", "x".repeat(1_000)])(
  "a thread may be called %j",
  async (thread) => {
    const saver = saverOn(store)
    await put(saver, { thread_id: thread }, { a: thread })
    expect(await valuesOf(saver, { thread_id: thread })).toEqual({ a: thread })
    const listed: unknown[] = []
    for await (const tuple of saver.list({})) listed.push(tuple.config.configurable?.["thread_id"])
    expect(listed).toEqual([thread])
  },
)

test("channels, namespaces and tasks may have any name without NUL, and one with it is refused", async () => {
  const saver = saverOn(store)
  const place = { thread_id: "t", checkpoint_ns: "a|b:c\n%z" }
  const at = await put(saver, place, { "x:y|z\n漢": 1 })
  await write(saver, at, [["", 2]], "task:1|\n")
  const tuple = await read(saver, place)
  expect(tuple?.checkpoint.channel_values).toEqual({ "x:y|z\n漢": 1 })
  expect(tuple?.pendingWrites).toEqual([["task:1|\n", "", 2]])

  await expect(put(saver, { thread_id: "t" }, { "a\0b": 1 })).rejects.toThrow("NUL")
  await expect(put(saver, { thread_id: "t", checkpoint_ns: "\0" })).rejects.toThrow("NUL")
  await expect(write(saver, at, [["a", 1]], "a\0b")).rejects.toThrow("NUL")
})

test("what is too large is refused before anything is stored", async () => {
  const saver = saverOn(store, { valueBytesMax: 1_000 })
  const place = await put(saver, { thread_id: "t" }, { a: "x".repeat(900) })
  const large = put(saver, place, { a: "x".repeat(1_001) })
  await expect(large).rejects.toBeInstanceOf(ValueTooLargeError)
  await expect(large).rejects.toThrow(
    'The value of channel "a" of thread "t" has 1003 bytes, and valueBytesMax is 1000',
  )
  await expect(write(saver, place, [["b", "x".repeat(1_001)]], "task")).rejects.toBeInstanceOf(ValueTooLargeError)
  expect(await idsOf(saver, { thread_id: "t" })).toHaveLength(1)
})

test("what cannot be read names the thread, the checkpoint and the part", async () => {
  const saver = saverOn(store)
  const place = await put(saver, { thread_id: "t" }, { a: 1 })
  await write(saver, place, [["a", 2]], "task")
  const id = String(place.checkpoint_id)
  const fields = (await store.command(hash("t"), "HKEYS", hash("t"))) as string[]
  const damage = async (kind: string) => {
    const field = fields.find((name) => name.startsWith(kind)) ?? ""
    const before = (await store.command(hash("t"), "HGET", hash("t"), field)) as string
    await store.command(hash("t"), "HSET", hash("t"), field, before.slice(0, -1))
    await expect(read(saver, place)).rejects.toBeInstanceOf(UnreadableCheckpointError)
    await expect(read(saver, place)).rejects.toThrow(`of checkpoint "${id}" of thread "t"`)
    await store.command(hash("t"), "HSET", hash("t"), field, before)
    expect(await valuesOf(saver, place)).toEqual({ a: 1 })
  }
  for (const kind of ["c", "v", "w"]) await damage(kind)
})

test("options that make no sense are refused", () => {
  for (const options of [{ ttlMs: 0 }, { ttlMs: 1.5 }, { maxCheckpoints: 0 }, { maxCheckpoints: -1 }]) {
    expect(() => saverOn(store, options)).toThrow("must be a whole number above 0")
  }
})

test("a thread without a name is refused", async () => {
  const saver = saverOn(store)
  await expect(put(saver, { thread_id: "" })).rejects.toThrow("thread_id must be there")
  await expect(put(saver, {})).rejects.toThrow("thread_id must be there")
  await expect(saver.deleteThread("")).rejects.toThrow("must not be empty")
  expect(await read(saver, {})).toBeUndefined()
})

test("listing all threads without knowing them is an error that says what is missing", async () => {
  await expect(new RedisSaver(store.runner).list({}).next()).rejects.toThrow('option "threads"')
})
