/** How much memory the masters use together, asked for at most every few seconds. */
import type { Clock } from "@everthread/protocol"
import type { Topology } from "../topology/topology.ts"
import { usedBytesOf } from "./facts.ts"

const keptMs = 5_000

/** @returns a question whose answer is `undefined` while a master cannot be asked. */
export function usedMemory(topology: Topology, clock: Clock): () => Promise<number | undefined> {
  let askedAt = Number.NEGATIVE_INFINITY
  let answer: Promise<number | undefined> = Promise.resolve(undefined)
  return () => {
    const now = clock.monotonic()
    if (now - askedAt < keptMs) return answer
    askedAt = now
    answer = sum(topology).catch(() => undefined)
    return answer
  }
}

async function sum(topology: Topology): Promise<number | undefined> {
  const infos = await Promise.all(topology.masters().map(({ link }) => link?.send(["INFO", "memory"])))
  if (infos.includes(undefined)) return undefined
  return infos.reduce<number>((total, info) => total + usedBytesOf(String(info)), 0)
}
