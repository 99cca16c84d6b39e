/**
 * Whether the store can be read and written, as far as its servers say.
 *
 * `unavailable` while a partition has no connection to its master. `read-only` from the first write that a master
 * refused until it took a small one of ours: asked every second, because nobody else may be writing any more.
 */
import { EngineError } from "@everthread/engine"
import type { StatusBoard } from "@everthread/engine/parts"
import type { Clock } from "@everthread/protocol"
import type { Answer, Call } from "./evaluate.ts"
import { scripts } from "./script.ts"
import type { Topology } from "./topology/topology.ts"

export interface StatusSetup {
  readonly clock: Clock
  readonly topology: Topology
  readonly status: StatusBoard
  readonly probeKey: (partition: number) => string
  readonly run: (call: Call) => Promise<Answer>
}

export interface StatusWatch {
  /** The partition's master refused a write. */
  refusedWrite(partition: number, reason: string): void
  stop(): void
}

const probeEveryMs = 1_000
/** What a probe leaves behind is gone after this. */
const probeTtlMs = 60_000

export function watchStatus({ clock, topology, status, probeKey, run }: StatusSetup): StatusWatch {
  /** By a partition of each refusing master: what it said. */
  const refusing = new Map<number, string>()
  let isStopped = false
  const stopListening = topology.onChange(tell)
  tell()

  function tell(): void {
    if (isStopped) return
    const [reason] = refusing.values()
    if (!topology.isWhole()) status.set({ state: "unavailable", reason: topology.reason() })
    else if (reason !== undefined) status.set({ state: "read-only", reason })
    else status.set({ state: "ready" })
  }

  /** One partition stands for all of its master: what it lacks, it lacks for all of them. */
  function isKnown(partition: number): boolean {
    const link = topology.linkOf(partition)
    return [...refusing.keys()].some((other) => other === partition || (link && topology.linkOf(other) === link))
  }

  async function probe(partition: number): Promise<void> {
    if (isStopped) return
    try {
      await run({ script: scripts.probe, partition, keys: [probeKey(partition)], args: [String(probeTtlMs)] })
      refusing.delete(partition)
      tell()
    } catch (error) {
      if (error instanceof EngineError && error.code === "read-only") refusing.set(partition, error.message)
      later(partition)
    }
  }

  function later(partition: number): void {
    clock.startTimer(probeEveryMs, () => void probe(partition))
  }

  return {
    refusedWrite(partition, reason) {
      if (isStopped || isKnown(partition)) return
      refusing.set(partition, reason)
      later(partition)
      tell()
    },
    stop() {
      isStopped = true
      stopListening()
    },
  }
}
