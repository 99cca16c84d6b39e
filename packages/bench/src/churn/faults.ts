/** Makes the faults of a plan and mends each of them, whoever the nodes belong to. */
import { setTimeout as pause } from "node:timers/promises"
import type { RedisServer } from "@everthread/stage"
import type { ChurnStage } from "./contestant.ts"
import type { ChurnPlan, Fault } from "./plan.ts"

export async function befall(stage: ChurnStage, { faults }: ChurnPlan): Promise<void> {
  for (const { afterMs, fault } of faults) {
    await pause(afterMs)
    await make(stage, fault)
  }
}

async function make({ nodes, redis }: ChurnStage, fault: Fault): Promise<void> {
  if (fault.kind === "deafen") return deafen(redis)
  const node = nodes[fault.node]
  if (!node) throw new Error(`there is no node ${fault.node}`)
  if (fault.kind === "kill") {
    await node.kill()
    await pause(fault.ms)
    return node.start()
  }
  await node.freeze()
  await pause(fault.ms)
  node.thaw()
}

/** Whatever nodes wait on for each other's word: Pub/Sub, or a blocking read of a stream. */
async function deafen(redis: RedisServer): Promise<void> {
  await redis.command("CLIENT", "KILL", "TYPE", "pubsub")
  const list = String(await redis.cli("CLIENT", "LIST"))
  for (const line of list.split("\n")) {
    const id = /\bid=(\d+)\b/.exec(line)?.[1]
    // It may be gone by now.
    if (id !== undefined && /\bcmd=xread\b/.test(line)) await redis.command("CLIENT", "KILL", "ID", id).catch(() => 0)
  }
}
