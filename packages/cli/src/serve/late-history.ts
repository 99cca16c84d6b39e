/** The checkpoints of agents' threads for the server, without LangGraph until somebody asks for them. */
import type { CheckpointHistory, LoadedGraph } from "@everthread/agent"
import type { Clock } from "@everthread/protocol"
import type { ServerOptions } from "@everthread/server"
import type { OpenedStore } from "./open-store.ts"

type ServedHistory = NonNullable<ServerOptions["checkpoints"]>

export interface LateHistoryParts {
  readonly saver: OpenedStore["saver"]
  readonly graphs: ReadonlyMap<string, LoadedGraph>
  readonly clock: Clock
}

export function lateHistory({ saver, graphs, clock }: LateHistoryParts): ServedHistory {
  let made: Promise<CheckpointHistory> | undefined
  const history = () => {
    made ??= make()
    return made
  }
  async function make(): Promise<CheckpointHistory> {
    const { CheckpointHistory } = await import("@everthread/agent")
    return new CheckpointHistory({ saver: await saver(), graphs, clock })
  }
  return {
    list: async (...about) => (await history()).list(...about),
    read: async (...about) => (await history()).read(...about),
    copy: async (...about) => (await history()).copy(...about),
  }
}
