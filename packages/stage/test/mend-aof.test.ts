/** A transaction whose end was lost in a power cut stays away for good. */
import { readdirSync, statSync, truncateSync } from "node:fs"
import { join } from "node:path"
import { startRedis } from "../src/index.ts"
import { mendAof } from "../src/servers/mend-aof.ts"

const both = "redis.call('RPUSH', KEYS[1], ARGV[1]) redis.call('SET', KEYS[2], ARGV[1])"

test("[LOG3] of what was written in one step and lost in part nothing comes back, at whatever start", async () => {
  const server = await startRedis()
  try {
    await server.command("EVAL", both, 2, "list", "last", "kept")
    await server.command("EVAL", both, 2, "list", "last", "lost")
    await server.kill()
    tear(server.folder)
    await mendAof(server.folder)
    await server.restart()
    await server.command("EVAL", both, 2, "list", "last", "new")
    await server.restart()
    expect(await server.command("LRANGE", "list", 0, -1)).toEqual(["kept", "new"])
    expect(await server.cli("GET", "last")).toBe("new")
  } finally {
    await server.stop()
  }
})

test("a file that is whole stays as it is", async () => {
  const server = await startRedis()
  try {
    await server.command("EVAL", both, 2, "list", "last", "kept")
    await server.kill()
    await mendAof(server.folder)
    await server.restart()
    expect(await server.command("LRANGE", "list", 0, -1)).toEqual(["kept"])
  } finally {
    await server.stop()
  }
})

/** In the middle of the second command of the last transaction. */
function tear(folder: string): void {
  const path = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((path) => path.endsWith(".incr.aof"))
  const file = join(folder, path ?? "")
  truncateSync(file, statSync(file).size - 30)
}
