/**
 * Packets that are dropped on their way, by port, in the run's own network. The kernels on both sides see what they would see
 * of a broken wire: nobody is told, and what was sent is sent again and again.
 */
import { execFile, spawnSync } from "node:child_process"
import { promisify } from "node:util"
import type { Deployment, Direction } from "../../deployment/deployment.ts"

const run = promisify(execFile)
const command = "iptables"

export interface Dropping {
  /** Of the server. */
  readonly port: number
  readonly directions: readonly Direction[]
  /** Of the packets; absent: all. */
  readonly share?: number
}

let isThere: boolean | undefined

export function canFilter({ hasOwnNetwork }: Pick<Deployment, "hasOwnNetwork">): boolean {
  if (!hasOwnNetwork) return false
  isThere ??= spawnSync(command, ["-w", "-S"]).status === 0
  return isThere
}

/** @returns lets everything through again. */
export async function drop(dropping: Dropping): Promise<() => Promise<void>> {
  const rules = rulesOf(dropping)
  for (const rule of rules) await run(command, ["-w", "-A", ...rule])
  return async () => {
    for (const rule of rules) await run(command, ["-w", "-D", ...rule])
  }
}

/** On arrival: who sends must not learn of it. @returns what follows `iptables -A`, and `-D`. */
export function rulesOf({ port, directions, share }: Dropping): readonly (readonly string[])[] {
  const some = share === undefined ? [] : ["-m", "statistic", "--mode", "random", "--probability", String(share)]
  return directions.map((direction) => {
    const side = direction === "to-server" ? "--dport" : "--sport"
    return ["INPUT", "-p", "tcp", side, String(port), ...some, "-j", "DROP"]
  })
}
