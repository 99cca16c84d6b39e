/**
 * What whoever looks after a Redis does before it starts again after a power cut: cuts its append-only file back to the last whole
 * transaction (`redis-check-aof --fix`).
 *
 * Redis itself cuts back to the last whole command. A transaction whose end is lost is not done then, but its beginning stays
 * in the file, and is done at the start after the next one, together with what was written since: Redis 7.0 and Valkey 8.0
 * bring an entry back that the log has replaced meanwhile. Mended in Valkey by https://github.com/valkey-io/valkey/pull/4342.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync } from "node:fs"
import { join } from "node:path"

/** @param folder of a server that does not run. @throws Error where the tool is not there, or cannot mend it. */
export async function mendAof(folder: string): Promise<void> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
  const manifest = paths.find((path) => path.endsWith(".aof.manifest"))
  if (manifest === undefined) return
  const tool = spawn("redis-check-aof", ["--fix", join(folder, manifest)], { stdio: ["pipe", "ignore", "ignore"] })
  // A file that is whole ends it before it is asked anything.
  tool.stdin.on("error", () => undefined)
  tool.stdin.end("y\n")
  const [code] = (await once(tool, "exit")) as [number | null]
  if (code !== 0) throw new Error(`redis-check-aof ended with ${code} on ${manifest}`)
}
