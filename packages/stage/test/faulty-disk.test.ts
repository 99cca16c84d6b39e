/** What a server loses with the power, and what it says of a full disk: exactly what the disk was told to do. */
import { cpSync, rmSync } from "node:fs"
import { join } from "node:path"
import { FaultyDisk, type RedisServer, ReplyError, startRedis, until } from "@everthread/stage"

const disk = await FaultyDisk.make()
let redis: RedisServer
afterEach(async () => {
  disk?.makeRoom()
  disk?.slowDown(0)
  await redis.stop()
})

const nothing = () => 0
const everything = () => 1
const foreverMs = 600_000

async function cutPower(fraction: () => number): Promise<number> {
  await redis.kill()
  const lost = disk?.cutPower(redis.folder, fraction) ?? 0
  await redis.restart()
  return lost
}

/** One is on the disk; whatever comes after it stays in memory. */
async function beginEverySecond(): Promise<void> {
  redis = await startRedis({ disk, config: { appendfsync: "everysec" } })
  await redis.cli("SET", "synced", "yes")
  // While it syncs, Redis keeps back what it would write.
  const isWritten = async () => (await redis.cli("INFO", "persistence")).includes("aof_buffer_length:0")
  await until("the disk to have it", async () => (await isWritten()) && disk?.unsyncedBytes(redis.folder) === 0)
  disk?.slowDown(foreverMs)
  for (let number = 0; number < 100; number++) await redis.cli("SET", `late-${number}`, "x".repeat(100))
}

test.skipIf(!disk)("a server that syncs always loses nothing that it has acknowledged", async () => {
  redis = await startRedis({ disk })
  for (let number = 0; number < 100; number++) await redis.cli("SET", `key-${number}`, "x")
  await cutPower(nothing)
  expect(await redis.command("DBSIZE")).toBe(100)
})

test.skipIf(!disk)("what was not synced is lost, and nothing else", async () => {
  await beginEverySecond()
  expect(await cutPower(nothing)).toBeGreaterThan(100 * 100)
  disk?.slowDown(0)
  expect(await redis.cli("GET", "synced")).toBe("yes")
  expect(await redis.command("DBSIZE")).toBe(1)
})

test.skipIf(!disk)("a piece of it may be there all the same, torn anywhere", async () => {
  await beginEverySecond()
  await cutPower(() => 0.505)
  const left = Number(await redis.command("DBSIZE"))
  expect(left).toBeGreaterThan(1)
  expect(left).toBeLessThan(101)
  // What it has read again is on the disk.
  expect(await cutPower(nothing)).toBe(0)
  expect(await redis.command("DBSIZE")).toBe(left)
})

test.skipIf(!disk)("killed without a power cut it loses nothing", async () => {
  await beginEverySecond()
  expect(await cutPower(everything)).toBe(0)
  expect(await redis.command("DBSIZE")).toBe(101)
})

test.skipIf(!disk)("a full disk takes no writes, until there is room", async () => {
  redis = await startRedis({ disk, config: { appendfsync: "everysec" } })
  disk?.fill()
  await until("it to refuse", () =>
    redis.cli("SET", "key", "value").then(
      () => false,
      (error: unknown) => error instanceof ReplyError && error.message.startsWith("MISCONF"),
    ),
  )
  disk?.makeRoom()
  await until("it to take writes again", () => redis.cli("SET", "key", "value"))
})

test.skipIf(!disk)("what somebody else has put there, such as a backup, stays", async () => {
  redis = await startRedis({ disk })
  await redis.cli("SET", "kept", "yes")
  await redis.kill()
  const [data, copy] = ["appendonlydir", "copy"].map((name) => join(redis.folder, name)) as [string, string]
  cpSync(data, copy, { recursive: true })
  rmSync(data, { recursive: true })
  cpSync(copy, data, { recursive: true })
  disk?.settle(redis.folder)
  expect(await cutPower(nothing)).toBe(0)
  expect(await redis.cli("GET", "kept")).toBe("yes")
})
