/** The checkpoints of agents' threads for the server, without LangGraph until somebody asks for them. */
import type { LoadedGraph } from "@everthread/agent"
import type { Clock } from "@everthread/protocol"
import type { ServerOptions } from "@everthread/server"
import { madeOnce } from "./made-once.ts"
import type { OpenedStore } from "./open-store.ts"

type ServedHistory = NonNullable<ServerOptions["checkpoints"]>

export interface LateHistoryParts {
  readonly saver: OpenedStore["saver"]
  readonly graphs: ReadonlyMap<string, LoadedGraph>
  readonly clock: Clock
}

export function lateHistory({ saver, graphs, clock }: LateHistoryParts): ServedHistory {
  const history = madeOnce(async () => {
    const { CheckpointHistory } = await import("@everthread/agent")
    return new CheckpointHistory({ saver: await saver(), graphs, clock })
  })
  return {
    list: async (...about) => (await history()).list(...about),
    read: async (...about) => (await history()).read(...about),
    copy: async (...about) => (await history()).copy(...about),
  }
}
