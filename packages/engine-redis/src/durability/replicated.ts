/**
 * Durability `replicated`: nothing is acknowledged, delivered or read out before as many replicas have it as were
 * asked for. (SPEC STO5)
 *
 * Which master a wait goes to is decided in the turn of the event loop in which the answer came: the topology cannot
 * have changed in between, so the master that is asked is the one that answered.
 */

import { EngineError } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import type { Clock } from "@everthread/protocol"
import { type ServerAddress, serverName } from "../connection/target.ts"
import type { KeptLink } from "../topology/kept-link.ts"
import type { Topology } from "../topology/topology.ts"
import { changeOrTimeout } from "../topology/whole.ts"
import { type MasterWaits, masterWaits } from "./master-waits.ts"

export interface Replicated {
  /** Resolves when there is a connection for waiting to every master, and one wait on each has ended well. */
  start(): Promise<void>
  /** Resolves when all that the partition's master has answered so far is on enough replicas. */
  durable(partition: number): Promise<void>
  /** Resolves when nobody waits any more; whoever was answered in this turn of the event loop counts. */
  settled(): Promise<void>
  /** Why nothing is confirmed at the moment, for people. */
  shortage(): string | undefined
  close(): void
}

export interface ReplicatedSetup {
  readonly topology: Topology
  readonly clock: Clock
  readonly replicas: number
  readonly deadlineMs: number
  /** Opens a connection of its own to this master, and keeps it. */
  readonly keep: (master: ServerAddress, changed: () => void) => KeptLink
  /** The key that is written to a partition so that there is something to wait for. */
  readonly key: (partition: number) => string
  /** `shortage` may have changed. */
  readonly changed: () => void
}

interface Place {
  readonly waits: MasterWaits
  partitions: readonly number[]
}

export function replicated(setup: ReplicatedSetup): Replicated {
  const { topology, clock, replicas, deadlineMs, keep, key } = setup
  const changed = listenerSet<[]>()
  const places = new Map<string, Place>()
  arrange()
  const stop = topology.onChange(arrange)

  function arrange(): void {
    const masters = new Map(topology.masters().map((master) => [serverName(master.address), master]))
    for (const [name, { waits }] of places) {
      if (masters.has(name)) continue
      places.delete(name)
      waits.close()
    }
    for (const [name, { address, partitions }] of masters) {
      const place = places.get(name)
      if (place) place.partitions = partitions
      else if (partitions.length > 0) places.set(name, placeAt(address, partitions))
    }
  }

  function placeAt(address: ServerAddress, partitions: readonly number[]): Place {
    const waits = masterWaits({
      ...{ clock, replicas, deadlineMs, changed: tell },
      keep: (linkChanged) => keep(address, linkChanged),
      key: (turn) => key(place.partitions[turn % place.partitions.length] ?? 0),
    })
    const place: Place = { waits, partitions }
    return place
  }

  function tell(): void {
    changed.tell()
    setup.changed()
  }

  function durable(partition: number): Promise<void> {
    const link = topology.linkOf(partition)
    const place = link && places.get(serverName(link.address))
    if (place) return place.waits.join(link)
    return Promise.reject(
      new EngineError("unknown", `It is stored, and its replicas may not have it: ${topology.reason()}`),
    )
  }

  return {
    async start() {
      const until = clock.monotonic() + deadlineMs
      while (![...places.values()].every(({ waits }) => waits.isOpen)) {
        const leftMs = until - clock.monotonic()
        if (leftMs <= 0) throw new EngineError("unavailable", "Redis' replicas cannot be waited for: no connection")
        await changeOrTimeout(changed.add, clock, leftMs)
      }
      await Promise.all([...places.values()].map(({ partitions }) => durable(partitions[0] ?? 0)))
    },
    durable,
    async settled() {
      await new Promise<void>((resolve) => clock.endOfTick(resolve))
      await Promise.all([...places.values()].map(({ waits }) => waits.idle()))
    },
    shortage: () => [...places.values()].find(({ waits }) => waits.shortage !== undefined)?.waits.shortage,
    close() {
      stop()
      for (const { waits } of places.values()) waits.close()
    },
  }
}
