/** Three servers and three agent workers in this process, on one embedded store: what one machine can do without Redis. */
import type { Clock, Random } from "@everthread/protocol"
import { loadConfig } from "@everthread/server/config"
import { createLog } from "@everthread/server/logging"
import { findAgents } from "../serve/agent-source.ts"
import { type OpenedStore, openStore } from "../serve/open-store.ts"
import { type RunningNode, startNodeOn } from "../serve/start-node.ts"
import { type Cluster, threeNodes } from "./cluster.ts"
import { Complaints } from "./complaints.ts"
import { flagsOf, type NodePlan } from "./node-flags.ts"

export interface OneProcessParts {
  readonly clock: Clock
  readonly random: Random
}

export async function startInOneProcess(plans: readonly NodePlan[], parts: OneProcessParts): Promise<Cluster> {
  // Nothing of this shell's environment: a secret or a port that is set there is meant for another server.
  const loaded = plans.map((plan) => ({
    plan,
    ...loadConfig({ env: {}, flags: { ...flagsOf(plan), data: plan.folder } }),
  }))
  const [first] = loaded
  if (!first) throw new Error("A cluster needs a node")
  const complaints = new Complaints()
  const log = createLog({ config: first.config.logging, terminal: complaints, clock: parts.clock, secrets: [] })
  const store = await openStore(first.config, { ...parts, log })
  const nodes: RunningNode[] = []
  const stop = () => stopAll(nodes, store)
  try {
    for (const { plan, config } of loaded) {
      const source = findAgents(config, plan.folder)
      nodes.push(await startNodeOn(store, { config, source, log, ...parts }))
    }
  } catch (error) {
    await stop()
    throw error
  }
  const urls = nodes.map(({ port }) => `ws://127.0.0.1:${port}`)
  const ids = plans.map(({ id }) => id)
  return { nodes: threeNodes(ids, urls), complaints: () => complaints.text(), stop }
}

async function stopAll(nodes: readonly RunningNode[], store: OpenedStore): Promise<void> {
  await Promise.allSettled(nodes.map((node) => node.stop()))
  await store.close()
}
