/** A full disk and a full memory make the store read-only, lose nothing, and pass by themselves. (SPEC STO2) */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Engine } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { type Durability, openRedisEngine, type RedisEngine } from "../src/index.ts"
import { beginLog, expectOnce, startWriter } from "./support/writer.ts"

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: "pipe" })

/** Only the superuser of Linux can make a file system of a size that a test can fill. */
function mountSmall(size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "everthread-full-"))
  try {
    run("mount", "-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder)
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    return undefined
  }
}

const disk = mountSmall("8m")
if (disk === undefined) console.warn("Skipping what needs a file system of its own: this process may not mount one.")

let server: RedisServer | undefined
let engine: RedisEngine | undefined
afterEach(async () => {
  await engine?.close()
  await server?.stop()
})
afterAll(() => {
  if (disk === undefined) return
  run("umount", disk)
  rmSync(disk, { recursive: true })
})

const isReady = () => until("the store to take writes again", async () => engine?.status().state === "ready")

async function open(config: Record<string, string>, durability: Durability): Promise<RedisEngine> {
  server = await startRedis({ config })
  engine = await openRedisEngine({ url: server.url, durability })
  await beginLog(engine, "c")
  return engine
}

/** What must go on while nothing can be appended. */
async function expectReadable(on: Engine): Promise<void> {
  expect((await on.log.read("c", startCursor, { entriesMax: 10, charsMax: 100_000 })).status).toBe("tail")
  expect(await on.directory.role("c", "ada")).toBeUndefined()
}

/** Takes the rest of the disk. @returns gives it back. */
function fillDisk(): () => void {
  const filler = join(disk ?? "", "filler")
  expect(() => writeFileSync(filler, Buffer.alloc(16_000_000))).toThrow("ENOSPC")
  return () => rmSync(filler)
}

test.skipIf(disk === undefined)(
  "[STO2] a full disk under everysec: read-only, nothing lost, back by itself",
  async () => {
    const on = await open({ dir: disk ?? "", appendfsync: "everysec" }, "everysec")
    const writer = startWriter(on, "c", "w")
    await writer.more(5)
    const makeRoom = fillDisk()
    await until("the store to be read-only", async () => on.status().state === "read-only")
    expect(on.status().reason).toContain("MISCONF")
    await expectReadable(on)
    makeRoom()
    await isReady()
    await writer.more(5)
    await writer.stop()
    await expectOnce(on, "c", [writer])
    expect([...writer.failures.keys()]).toEqual(expect.arrayContaining(["read-only"]))
  },
)

test.skipIf(disk === undefined)(
  "[STO2] a full disk under fsync: Redis ends itself rather than promise what it cannot keep, and comes back with everything",
  async () => {
    const on = await open({ dir: disk ?? "", appenddirname: "fsync" }, "fsync")
    const writer = startWriter(on, "c", "w")
    await writer.more(5)
    const makeRoom = fillDisk()
    await until("Redis to end", async () => server?.state === "ended")
    await until("the store to be unavailable", async () => on.status().state === "unavailable")
    makeRoom()
    await server?.restart()
    await isReady()
    await writer.more(5)
    await writer.stop()
    await expectOnce(on, "c", [writer])
  },
)

test("[STO2] a full memory: read-only, while owners keep their runs and the log can be compacted", async () => {
  const on = await open({}, "fsync")
  await on.log.append({
    conversation: "c",
    nonce: "1000000000000001",
    bodies: ['"go"'],
    runs: [{ run: "r", state: "open" }],
  })
  const head = await on.log.head("c")
  const writer = startWriter(on, "c", "w")
  await writer.more(5)
  await server?.cli("CONFIG", "SET", "maxmemory", "1mb")
  await until("the store to be read-only", async () => on.status().state === "read-only")
  expect(on.status().reason).toContain("OOM")
  await expectReadable(on)
  expect(await on.leases.beat("node-1")).toBe(1)
  const fence = await on.leases.claim({
    conversation: "c",
    run: "r",
    node: "node-1",
    nonce: "claim1",
    instead: undefined,
  })
  expect(fence).toBeDefined()
  if (fence) await on.leases.release("c", fence)
  await on.leases.settle("c", "r", 2)
  expect(await on.leases.openRuns()).toEqual([])
  await on.leases.leave("node-1")
  const snapshot = { cursor: head ?? "", state: "{}" }
  expect(await on.log.compact({ conversation: "c", snapshot, archive: [], trimThrough: 2 })).toBe(true)
  await server?.cli("CONFIG", "SET", "maxmemory", "0")
  await isReady()
  await writer.more(5)
  await writer.stop()
  expect([...writer.failures.keys()]).toContain("read-only")
})
