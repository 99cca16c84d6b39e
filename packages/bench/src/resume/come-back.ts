/** Devices come back once: how long each waited, and what it took. */
import { percentileOf } from "../measure/spread.ts"
import type { Coming } from "./coming.ts"
import type { Stage } from "./stage.ts"

export interface Sample {
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the node, for one device. */
  readonly nodeMs: number
  readonly redisMs: number
  /** Shares of one core. */
  readonly nodeBusy: number
  readonly devicesBusy: number
}

const millisecondUs = 1_000

export async function sampleOf(stage: Stage, coming: Coming): Promise<Sample> {
  const before = await stage.used()
  const came = await stage.come(coming)
  const after = await stage.used()
  await stage.allGo()
  const sorted = Float64Array.from(came.liveMs).sort()
  const nodeMs = (after.cpuUs - before.cpuUs) / millisecondUs
  return {
    p50Ms: percentileOf(sorted, 0.5),
    p99Ms: percentileOf(sorted, 0.99),
    nodeMs: nodeMs / coming.says.length,
    redisMs: (after.redisUs - before.redisUs) / millisecondUs / coming.says.length,
    nodeBusy: nodeMs / came.allMs,
    devicesBusy: came.busy,
  }
}
