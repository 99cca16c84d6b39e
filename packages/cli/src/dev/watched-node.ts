/** A node whose store can be asked about its runs while it serves. */
import type { Config } from "@everthread/server/config"
import type { Log } from "@everthread/server/logging"
import type { CliContext } from "../context.ts"
import { findAgents } from "../serve/agent-source.ts"
import { openStore } from "../serve/open-store.ts"
import { type RunningNode, startNodeOn } from "../serve/start-node.ts"
import type { Look, NodeFacts } from "./node-link.ts"
import { OpenRuns } from "./open-runs.ts"

export interface WatchedNodeParts {
  readonly config: Config
  readonly log: Log
  readonly context: CliContext
  readonly webApp: string | undefined
}

export interface WatchedNode extends RunningNode {
  /** Never rejects: a store that is away leaves the runs out. */
  look(conversations: Look["conversations"]): Promise<NodeFacts>
}

export async function startWatchedNode({ config, log, context, webApp }: WatchedNodeParts): Promise<WatchedNode> {
  const { clock, random, folder } = context
  const source = findAgents(config, folder)
  const store = await openStore(config, { clock, random, log })
  try {
    const node = await startNodeOn(store, { config, source, log, clock, random, webApp })
    const open = new OpenRuns(store.engine)
    return {
      ...node,
      stop: () => node.stop().then(store.close),
      async look(conversations) {
        const runs = conversations && (await open.read(conversations).catch(() => undefined))
        return { connections: node.connections(), runs }
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
