/** The disk under the store's AOF is full, and then it is not. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FaultNode } from "@everthread/stage"
import { killNodes, type RedisServer, startNodes, startRedis, until } from "@everthread/stage"
import { expectCase } from "./stage/expect-case.ts"
import { plan, times } from "./stage/plan.ts"

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: "pipe" })

/** Only the superuser of Linux can make a file system of a size that a test can fill. */
function mountSmall(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "everthread-disk-"))
  try {
    run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder)
    return folder
  } catch {
    rmSync(folder, { recursive: true })
    console.warn("Skipping what needs a file system of its own: this process may not mount one.")
    return undefined
  }
}

const disk = mountSmall()
let redis: RedisServer
let nodes: readonly FaultNode[] = []

async function begin(fsync: string, durability: string, name: string): Promise<void> {
  redis = await startRedis({ config: { dir: disk ?? "", appenddirname: name, appendfsync: fsync } })
  nodes = await startNodes(redis.url, [name], durability)
}
afterEach(async () => {
  await killNodes(nodes)
  await redis.stop()
})
afterAll(() => {
  if (disk === undefined) return
  run("umount", disk)
  rmSync(disk, { recursive: true })
})

/** Takes the rest of the disk. @returns gives it back. */
function fillDisk(): () => void {
  const filler = join(disk ?? "", "filler")
  expect(() => writeFileSync(filler, Buffer.alloc(128 * 1_024 * 1_024))).toThrow("ENOSPC")
  return () => rmSync(filler)
}

test.skipIf(disk === undefined)("[STO2] a full disk makes the store read-only, until there is room", async () => {
  await begin("everysec", "everysec", "everysec")
  const { counts } = await expectCase("a full disk", { redis: redis.url, nodes }, plan(), async (scene) => {
    const makeRoom = fillDisk()
    await scene.refused()
    makeRoom()
    await scene.goesOn(times(50))
  })
  expect(counts.resent).toBeGreaterThan(0)
})

test.skipIf(disk === undefined)(
  "[STO2] [ACK1] a full disk ends a store that fsyncs always: all is there again",
  async () => {
    await begin("always", "fsync", "always")
    await expectCase("a full disk under fsync", { redis: redis.url, nodes }, plan(), async (scene) => {
      const makeRoom = fillDisk()
      await until("the store to end", async () => redis.state === "ended")
      makeRoom()
      await redis.restart()
      await scene.goesOn(times(50))
    })
  },
)
