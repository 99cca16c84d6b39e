/** `everthread serve` as it is in production, in a process of its own, with a folder that goes when it does. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { fileURLToPath } from "node:url"

export interface ServedNode {
  readonly name: string
  readonly port: number
  /** Processor time since it began, in microseconds, as it says on `/metrics`. */
  cpuUs(): Promise<number>
  signal(signal: NodeJS.Signals): void
  readonly ended: Promise<unknown>
  /** Kills it, if it still runs, and removes its folder. */
  stop(): Promise<void>
}

const bin = fileURLToPath(new URL("../../../cli/bin/everthread.mjs", import.meta.url))
const talker = fileURLToPath(new URL("../../agents/talker.mjs", import.meta.url))
const startMsMax = 30_000
const pollMs = 50
const secondUs = 1_000_000

/** @param redis its URL; without one the node has a store of its own. */
export async function serveNode(name: string, redis: string | undefined): Promise<ServedNode> {
  const folder = mkdtempSync(join(tmpdir(), "everthread-bench-"))
  const config = {
    websocket: { host: "127.0.0.1", port: 0, connections_per_user: 10_000 },
    rate_limit: { sends: 1_000_000, changes: 1_000_000 },
    graphs: { talker: `${talker}:graph` },
    agent: { runs_max: 1_000 },
    system: { server_id: name, log_level: "warn" },
    metrics: { enabled: true },
    ...(redis === undefined ? { data: { folder } } : { redis: { url: redis, durability: "fsync" } }),
  }
  const file = join(folder, "everthread.yaml")
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(config))
  const child = spawn(process.execPath, [bin, "serve", "--config", file], { stdio: ["ignore", "pipe", "inherit"] })
  const said: string[] = []
  child.stdout.on("data", (bytes: Buffer) => said.push(bytes.toString("utf8")))
  const ended = once(child, "exit")
  // However this process ends, the node does not outlive it.
  const kill = () => void child.kill("SIGKILL")
  process.once("exit", kill)
  let port = 0
  for (let waitedMs = 0; port === 0; waitedMs += pollMs) {
    if (child.exitCode !== null || waitedMs > startMsMax)
      throw new Error(`node ${name} did not start: ${said.join("")}`)
    await pause(pollMs)
    port = Number(/ws:\/\/[\w.]+:(\d+)/.exec(said.join(""))?.[1] ?? 0)
  }
  return {
    name,
    port,
    ended,
    signal: (signal) => void child.kill(signal),
    async cpuUs() {
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      return Number(/^process_cpu_seconds_total (\S+)/m.exec(page)?.[1]) * secondUs
    },
    async stop() {
      process.off("exit", kill)
      child.kill("SIGKILL")
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
