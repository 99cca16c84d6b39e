/** How scripts get to the server, and what happens when a reply is not ours. */

import { startRedis } from "@everthread/stage"
import { createClient } from "@redis/client"
import {
  evalshaRunner,
  ioredisRunner,
  nodeRedisRunner,
  RedisSaver,
  ReplyMismatchError,
  type ScriptRunner,
} from "../src/index.ts"
import { put, valuesOf, write } from "./checkpoints.ts"
import { startStore, type TestStore } from "./servers.ts"

let store: TestStore
beforeAll(async () => {
  store = await startStore()
})
afterAll(() => store.stop())
beforeEach(() => store.all("FLUSHALL"))

test("a server that forgot the scripts is told them again", async () => {
  const saver = new RedisSaver(store.runner)
  const place = await put(saver, { thread_id: "t" }, { a: 1 })
  await store.all("SCRIPT", "FLUSH")
  await write(saver, place, [["a", 2]], "task")
  await store.all("SCRIPT", "FLUSH")
  expect(await valuesOf(saver, { thread_id: "t" })).toEqual({ a: 1 })
})

test("what the server says is passed on as it is", async () => {
  await store.all("SET", "cp:{t}:thread", "somebody else's")
  await expect(put(new RedisSaver(store.runner), { thread_id: "t" }, { a: 1 })).rejects.toThrow("WRONGTYPE")
})

test("a client with callBuffer, such as ioredis', is a runner", async () => {
  const server = await startRedis({ config: { appendonly: "no" } })
  const client = await createClient({ url: server.url }).connect()
  const calls: string[] = []
  const runner = ioredisRunner({
    callBuffer(command, ...args) {
      calls.push(command)
      return client.sendCommand([command, ...args], { typeMapping: { 36: Buffer } })
    },
  })
  const saver = new RedisSaver(runner)
  await put(saver, { thread_id: "t" }, { a: new Uint8Array([1, 255]) })
  expect(await valuesOf(saver, { thread_id: "t" })).toEqual({ a: new Uint8Array([1, 255]) })
  expect(calls).toEqual(["EVALSHA", "EVAL", "EVALSHA", "EVAL"])
  client.destroy()
  await server.stop()
})

test("the reply to another request is not used", async () => {
  const replies: unknown[] = []
  const late: ScriptRunner = {
    async run(script, keys, args) {
      replies.push(await store.runner.run(script, keys, args))
      return replies.length > 1 ? replies.shift() : replies[0]
    },
  }
  const saver = new RedisSaver(late)
  await put(saver, { thread_id: "mine" }, { a: "mine" })
  await expect(valuesOf(saver, { thread_id: "mine" })).rejects.toBeInstanceOf(ReplyMismatchError)
  await expect(valuesOf(saver, { thread_id: "mine" })).rejects.toThrow("the reply to another request")
})

test.each([
  ["text instead of bytes", (nonce: string) => [nonce]],
  ["something that is no array", () => "OK"],
  ["nothing", () => null],
  ["an empty array", () => []],
])("a runner that gives %s is told what a reply looks like", async (_what, reply) => {
  const runner: ScriptRunner = { run: async (_script, _keys, [nonce]) => reply(String(nonce)) }
  await expect(valuesOf(new RedisSaver(runner), { thread_id: "t" })).rejects.toBeInstanceOf(ReplyMismatchError)
})

test("an error that is not about the script is not answered with another try", async () => {
  let calls = 0
  const runner = evalshaRunner(async () => {
    calls++
    throw new Error("READONLY You can't write against a read only replica.")
  })
  await expect(put(new RedisSaver(runner), { thread_id: "t" })).rejects.toThrow("READONLY")
  expect(calls).toBe(1)
})

test("[RUN3] every checkpoint that was acknowledged before a kill is there after it, whole", async () => {
  const server = await startRedis()
  const connect = () =>
    createClient({ url: server.url, socket: { reconnectStrategy: false } })
      .on("error", () => {})
      .connect()
  const client = await connect()
  const saver = new RedisSaver(nodeRedisRunner(client))
  const acknowledged: Record<string, unknown>[] = []
  let reached: () => void = () => {}
  const enough = new Promise<void>((resolve) => {
    reached = resolve
  })
  const writing = (async () => {
    for (let at = 0; ; at++) {
      const place = await put(saver, acknowledged.at(-1) ?? { thread_id: "t" }, { at, large: "x".repeat(10_000) })
      acknowledged.push(place)
      await write(
        saver,
        place,
        [
          ["a", at],
          ["b", at],
        ],
        "task",
      )
      if (at === 100) reached()
    }
  })()
  await enough
  await Promise.all([server.kill(), expect(writing).rejects.toThrow()])
  await server.restart()

  const again = await connect()
  const after = new RedisSaver(nodeRedisRunner(again))
  for (const [at, place] of acknowledged.entries()) {
    const tuple = await after.getTuple({ configurable: place })
    expect(tuple?.checkpoint.channel_values).toMatchObject({ at, large: "x".repeat(10_000) })
    const writes = [
      ["task", "a", at],
      ["task", "b", at],
    ]
    // The last one's writes may not have been acknowledged; even so they are there together or not at all.
    expect(at === acknowledged.length - 1 ? [writes, []] : [writes]).toContainEqual(tuple?.pendingWrites)
  }
  again.destroy()
  await server.stop()
})
