/** `everthread serve` as it is in production, in a process of its own that outlives nobody, with a folder that goes when it does. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Hopeless, logOf, rootFolder, ServerProcess, until } from "@everthread/stage"

export interface ServedNode {
  readonly name: string
  readonly port: number
  /** Processor time since it began, in microseconds, as it says on `/metrics`. */
  cpuUs(): Promise<number>
  signal(signal: NodeJS.Signals): void
  /** Kills it, if it still runs, and removes its folder. */
  stop(): Promise<void>
}

const bin = fileURLToPath(new URL("../../../cli/bin/everthread.mjs", import.meta.url))
const talker = fileURLToPath(new URL("../../agents/talker.mjs", import.meta.url))
const secondUs = 1_000_000

/** @param redis its URL; without one the node has a store of its own. */
export async function serveNode(name: string, redis: string | undefined): Promise<ServedNode> {
  const folder = mkdtempSync(join(rootFolder(), `${name}-`))
  // JSON is YAML.
  writeFileSync(join(folder, "everthread.yaml"), JSON.stringify(configOf(name, redis, folder)))
  const served = await ServerProcess.start(process.execPath, [bin, "serve", "--config", "everthread.yaml"], folder)
  const port = await until(`node ${name} to serve`, async () => {
    const said = readFileSync(logOf(folder), "utf8")
    if (served.state === "ended") throw new Hopeless(`node ${name} did not start: ${said}`)
    return Number(/ws:\/\/[\w.]+:(\d+)/.exec(said)?.[1] ?? 0) || undefined
  })
  return {
    name,
    port,
    signal: (signal) => void process.kill(served.pid, signal),
    async cpuUs() {
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(page)?.[1]) * secondUs
    },
    async stop() {
      await served.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function configOf(name: string, redis: string | undefined, folder: string) {
  return {
    websocket: { host: "127.0.0.1", port: 0, connections_per_user: 10_000 },
    rate_limit: { sends: 1_000_000, changes: 1_000_000 },
    graphs: { talker: `${talker}:graph` },
    agent: { runs_max: 1_000 },
    system: { server_id: name, log_level: "warn" },
    metrics: { enabled: true },
    ...(redis === undefined ? { data: { folder } } : { redis: { url: redis, durability: "fsync" } }),
  }
}
