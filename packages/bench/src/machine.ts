/** Where figures come from: the machine, the versions, and how busy it was. */
import { execFileSync } from "node:child_process"
import { cpus, loadavg, release, totalmem } from "node:os"

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly kernel: string
  readonly node: string
  readonly redis: string
  /** Of the last 1, 5 and 15 minutes. */
  readonly load: readonly string[]
}

const gigabyte = 1e9

export function machineNow(): Machine {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / gigabyte),
    kernel: release(),
    node: process.version,
    redis: /v=(\S+)/.exec(execFileSync("redis-server", ["--version"], { encoding: "utf8" }))?.[1] ?? "unknown",
    load: loadavg().map((load) => load.toFixed(2)),
  }
}

export function textOfMachine({ cpu, cores, memoryGb, kernel, node, redis, load }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}; Node ${node}, Redis ${redis}; load ${load.join(", ")}`
}
