/** One subscriber connection for each master that has a channel to be heard, and a canary in a slot of that master. */
import type { Clock, Random } from "@everthread/protocol"
import type { Link, LinkOptions } from "../connection/link.ts"
import { isSame, type ServerAddress, serverName } from "../connection/target.ts"
import type { Topology } from "../topology/topology.ts"
import { type CanaryChannel, type MasterSubscriber, masterSubscriber } from "./master-subscriber.ts"

export interface MasterSubscribers {
  /** @returns the one that a partition's channel belongs to now, or `undefined` while nobody knows its master. */
  of(partition: number): MasterSubscriber | undefined
  /** Ends those of which nothing is wanted. */
  closeIdle(): void
  close(): void
}

export interface MasterSubscribersSetup {
  readonly topology: Topology
  readonly clock: Clock
  readonly random: Random
  readonly open: (address: ServerAddress, lost: LinkOptions["lost"]) => Promise<Link>
  /** A connection took the place of one that was lost or given up. */
  readonly replaced: () => void
  /** A channel of this partition that nobody else has. */
  readonly canaryChannel: (partition: number) => string
  /** How long a connection may hear nothing of itself before it is given up, in milliseconds. Default: 3,000. */
  readonly silenceMs?: number
}

/** What the channels' places are told of. */
export interface PlaceEvents {
  message(channel: string, text: string): void
  confirmed(at: MasterSubscriber, channel: string): void
  lost(at: MasterSubscriber, channel: string): void
}

const beatsPerSilence = 3
const silenceMsDefault = 3_000

export function masterSubscribers(setup: MasterSubscribersSetup, told: PlaceEvents): MasterSubscribers {
  const { topology, clock, random, open, replaced, silenceMs = silenceMsDefault } = setup
  const byAddress = new Map<string, MasterSubscriber>()

  function at(address: ServerAddress): MasterSubscriber {
    const known = byAddress.get(serverName(address))
    if (known) return known
    const canary = { everyMs: silenceMs / beatsPerSilence, silentBeatsMax: beatsPerSilence, channel: canaryOf }
    const fresh: MasterSubscriber = masterSubscriber({
      ...{ address, clock, random, open, canary, suspect: topology.suspect },
      told: {
        message: told.message,
        confirmed: (channel) => told.confirmed(fresh, channel),
        lost: (channel) => told.lost(fresh, channel),
        replaced,
      },
    })
    byAddress.set(serverName(address), fresh)
    return fresh
  }

  /** In a partition at random, so that a move of many slots away seldom meets the same connection again. */
  function canaryOf(address: ServerAddress): CanaryChannel | undefined {
    const master = topology.masters().find((one) => isSame(one.address, address))
    const partition = master?.partitions[Math.floor(random.fraction() * master.partitions.length)]
    if (partition === undefined) return undefined
    const name = setup.canaryChannel(partition)
    return {
      name,
      async publish() {
        const receivers = await topology.linkOf(partition)?.send(["SPUBLISH", name, ""])
        return receivers === undefined ? undefined : Number(receivers)
      },
    }
  }

  return {
    of(partition) {
      const master = topology.masters().find(({ partitions }) => partitions.includes(partition))
      return master ? at(master.address) : undefined
    },
    closeIdle() {
      for (const [name, one] of byAddress) {
        if (!one.isIdle) continue
        byAddress.delete(name)
        one.close()
      }
    },
    close() {
      for (const one of byAddress.values()) one.close()
    },
  }
}
