/** What a measurement of one contestant comes to: what was used is read before and after, from the processes themselves. */
import type { BurstResult } from "../delivery/load.ts"
import type { Stand } from "./contestants.ts"
import { type Written, writtenBy } from "./written.ts"

export interface Figures {
  /** Of all nodes together, in microseconds for one operation. */
  readonly nodeUs: number
  readonly redisUs: number
  /** The nodes' for one operation, whoever they were for. */
  readonly writes: number
  readonly writtenBytes: number
  /** In a second. */
  readonly rate: number
  /** Shares of one core; the nodes' each. What is near 1 was saturated. */
  readonly nodesBusy: number
  readonly redisBusy: number
  readonly loadBusy: number
  readonly delayMedianMs: number
  readonly delayP99Ms: number
}

const secondUs = 1_000_000

/** What an operation is, the caller says: `count` of them were done. */
export type Work = Omit<BurstResult, "delivered"> & { readonly count: number }

export async function figuresOf(stand: Stand, work: () => Promise<Work>): Promise<Figures> {
  const before = await used(stand)
  const { count, seconds, loadBusy, delayMedianMs, delayP99Ms } = await work()
  const after = await used(stand)
  const nodesUs = after.nodesUs - before.nodesUs
  const redisUs = after.redisUs - before.redisUs
  return {
    nodeUs: nodesUs / count,
    redisUs: redisUs / count,
    writes: (after.writes - before.writes) / count,
    writtenBytes: (after.bytes - before.bytes) / count,
    rate: count / seconds,
    nodesBusy: nodesUs / seconds / secondUs / stand.nodes.length,
    redisBusy: redisUs / seconds / secondUs,
    loadBusy,
    delayMedianMs,
    delayP99Ms,
  }
}

interface Used extends Written {
  readonly nodesUs: number
  readonly redisUs: number
}

async function used({ nodes, server }: Stand): Promise<Used> {
  const all = await Promise.all(nodes.map((node) => node.cpuUs()))
  const redisUs = server ? (await server.control.counts()).cpuUs : 0
  const written = nodes.map(({ pid }) => writtenBy(pid))
  return {
    nodesUs: sum(all),
    redisUs,
    writes: sum(written.map(({ writes }) => writes)),
    bytes: sum(written.map(({ bytes }) => bytes)),
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
