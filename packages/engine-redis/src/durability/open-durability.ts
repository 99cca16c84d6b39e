/** What durability needs of an engine that is being opened: the comparison, the waiting, and what both say of the status. */
import type { StatusBoard } from "@everthread/engine/parts"
import type { Target } from "../connection/target.ts"
import type { Keys } from "../keys.ts"
import { keepLink, type LinkOpener } from "../topology/kept-link.ts"
import type { Topology } from "../topology/topology.ts"
import type { Demand } from "./durability.ts"
import { type ServerReport, watchMasters } from "./master-watch.ts"
import { type Replicated, replicated } from "./replicated.ts"
import { type ShownStatus, shownStatus } from "./shown-status.ts"

export interface DurabilitySetup {
  readonly topology: Topology
  readonly target: Target
  readonly keys: Keys
  readonly demand: Demand
  /** For connections on which nothing is done but waiting. */
  readonly opener: LinkOpener
  readonly deadlineMs: number
  readonly status: StatusBoard
  readonly report: (report: ServerReport) => void
}

export interface OpenedDurability {
  /** Resolves when what the partition's master has answered so far is as durable as was asked for. */
  readonly durable: (partition: number) => Promise<void>
  /** Resolves when nobody waits any more. */
  readonly settled: () => Promise<void>
  readonly status: ShownStatus
  close(): void
}

const settled = Promise.resolve()
/** Below `replicated` an answer of the server says it all. */
const atOnce: Replicated = {
  start: () => settled,
  durable: () => settled,
  settled: () => settled,
  shortage: () => undefined,
  close() {},
}

/** @throws EngineError `unusable` if a master is not fit for what is demanded; the topology is the caller's to close. */
export async function openDurability(setup: DurabilitySetup): Promise<OpenedDurability> {
  const { demand, status: board } = setup
  const watch = watchMasters({ ...setup, report: (report) => tell(report) })
  const waits = demand.durability === "replicated" ? waitsFor(setup, () => status.update()) : atOnce
  const status = shownStatus(board, { shortage: waits.shortage, concern: watch.concern })
  const close = () => {
    watch.close()
    waits.close()
  }

  function tell(report: ServerReport): void {
    status.update()
    setup.report(report)
  }

  try {
    // Before the look: a replica that is about to be in step is given the time for it.
    const failure = await waits.start().catch((error: unknown) => error)
    await watch.assertUsable()
    if (failure !== undefined) throw failure
    return { durable: waits.durable, settled: waits.settled, status, close }
  } catch (error) {
    close()
    throw error
  }
}

function waitsFor({ topology, keys, demand, opener, deadlineMs }: DurabilitySetup, changed: () => void): Replicated {
  return replicated({
    ...{ topology, clock: opener.clock, replicas: demand.replicas, deadlineMs, changed },
    keep: (master, linkChanged) => keepLink(master, opener, linkChanged),
    key: (partition) => keys.other(partition, "x", "wait"),
  })
}
