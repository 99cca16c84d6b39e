/**
 * Which channels are held, and at which master each of them is heard.
 *
 * A channel belongs to a partition, and is heard at that partition's master. When the partition moves, the channel
 * is heard at the new place before it is given up at the old one: the other order would lose what is published in
 * between. Then whoever holds it is told `again`, because of the two places neither may have heard everything.
 *
 * A channel that nobody holds any more is kept for a while, so that a conversation that comes and goes does not
 * subscribe and unsubscribe each time.
 */
import { EngineError } from "@everthread/engine"
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { Link, LinkOptions } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"
import type { Topology } from "../topology/topology.ts"
import { type CanaryChannel, type MasterSubscriber, masterSubscriber } from "./master-subscriber.ts"

export interface Subscriber {
  /**
   * Resolves when the channel is heard; each holding ends with a `release`, also one that was refused.
   * @throws EngineError `unavailable` if it was not confirmed within the deadline; it goes on trying.
   */
  hold(partition: number, channel: string): Promise<void>
  release(channel: string): void
  close(): void
}

/** What the subscriber hands on. */
export interface Heard {
  message(channel: string, text: string): void
  /** The channel is heard again after a time in which it may not have been, or at another place. */
  again(channel: string): void
}

export interface SubscriberSetup {
  readonly topology: Topology
  readonly clock: Clock
  readonly random: Random
  readonly open: (address: ServerAddress, lost: LinkOptions["lost"]) => Promise<Link>
  /** A connection took the place of one that was lost or given up. */
  readonly replaced: () => void
  /** A channel of this partition that nobody else has. */
  readonly canaryChannel: (partition: number) => string
  /** How long `hold` may wait, in milliseconds. */
  readonly deadlineMs: number
  /** How long a connection may hear nothing of itself before it is given up, in milliseconds. Default: 3,000. */
  readonly silenceMs?: number
  /** How long a channel that nobody holds is kept, in milliseconds. Default: 30,000. */
  readonly lingerMs?: number
}

interface Holding {
  readonly partition: number
  count: number
  /** Where it belongs, and where it may still be heard until it is heard there. */
  place: MasterSubscriber | undefined
  readonly before: Set<MasterSubscriber>
  /** Where it is heard at the moment. */
  readonly heardAt: Set<MasterSubscriber>
  wasHeard: boolean
  readonly waiting: Set<() => void>
  linger: Timer | undefined
}

const beatsPerSilence = 3
const defaults = { silenceMs: 3_000, lingerMs: 30_000 }

export function subscriber(setup: SubscriberSetup, heard: Heard): Subscriber {
  const { topology, clock, random, deadlineMs, silenceMs, lingerMs } = { ...defaults, ...setup }
  const holdings = new Map<string, Holding>()
  const subscribers = new Map<string, MasterSubscriber>()
  let isClosed = false
  const stopWatching = topology.onChange(() => {
    for (const [channel, holding] of holdings) place(channel, holding)
    closeIdle()
  })

  /** Puts a channel where its partition is now. Where nobody knows, it stays where it is. */
  function place(channel: string, holding: Holding): void {
    const master = topology.masters().find(({ partitions }) => partitions.includes(holding.partition))
    if (!master) return
    const to = subscriberAt(master.address)
    if (holding.place === to) return
    if (holding.place) holding.before.add(holding.place)
    holding.before.delete(to)
    holding.place = to
    to.want(channel)
  }

  function subscriberAt(address: ServerAddress): MasterSubscriber {
    const name = `${address.host}:${address.port}`
    const known = subscribers.get(name)
    if (known) return known
    const fresh: MasterSubscriber = masterSubscriber({
      ...{ address, clock, random, open: setup.open, suspect: topology.suspect },
      canary: {
        everyMs: silenceMs / beatsPerSilence,
        silentBeatsMax: beatsPerSilence,
        channel: () => canaryOf(address),
      },
      told: {
        message: heard.message,
        confirmed: (channel) => confirmed(fresh, channel),
        lost: (channel) => void holdings.get(channel)?.heardAt.delete(fresh),
        replaced: setup.replaced,
      },
    })
    subscribers.set(name, fresh)
    return fresh
  }

  /** In a partition at random, so that a move of many slots away seldom meets the same connection again. */
  function canaryOf({ host, port }: ServerAddress): CanaryChannel | undefined {
    const { partitions } = topology.masters().find(({ address: a }) => a.host === host && a.port === port) ?? {}
    const partition = partitions?.[Math.floor(random.fraction() * partitions.length)]
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

  function confirmed(at: MasterSubscriber, channel: string): void {
    const holding = holdings.get(channel)
    if (!holding) return at.unwant(channel)
    holding.heardAt.add(at)
    if (holding.place !== at) return
    for (const other of holding.before) leave(other, channel, holding)
    for (const wake of [...holding.waiting]) wake()
    if (holding.wasHeard) heard.again(channel)
    holding.wasHeard = true
    closeIdle()
  }

  function leave(from: MasterSubscriber, channel: string, holding: Holding): void {
    holding.before.delete(from)
    holding.heardAt.delete(from)
    from.unwant(channel)
  }

  function closeIdle(): void {
    for (const [name, one] of subscribers) {
      if (!one.isIdle) continue
      subscribers.delete(name)
      one.close()
    }
  }

  function begin(partition: number, channel: string): Holding {
    const holding: Holding = {
      ...{ partition, count: 0, place: undefined, wasHeard: false, linger: undefined },
      ...{ before: new Set(), heardAt: new Set(), waiting: new Set() },
    }
    holdings.set(channel, holding)
    place(channel, holding)
    return holding
  }

  function drop(channel: string, holding: Holding): void {
    holdings.delete(channel)
    for (const at of [holding.place, ...holding.before]) at?.unwant(channel)
    closeIdle()
  }

  function untilHeard(holding: Holding): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = () => {
        holding.waiting.delete(wake)
        reject(new EngineError("unavailable", `Redis cannot be listened to: ${topology.reason()}`))
      }
      const timer = clock.startTimer(deadlineMs, refuse)
      const wake = () => {
        clock.stopTimer(timer)
        holding.waiting.delete(wake)
        resolve()
      }
      holding.waiting.add(wake)
    })
  }

  return {
    async hold(partition, channel) {
      const holding = holdings.get(channel) ?? begin(partition, channel)
      holding.count += 1
      if (holding.linger) clock.stopTimer(holding.linger)
      holding.linger = undefined
      if (holding.heardAt.size === 0) await untilHeard(holding)
    },
    release(channel) {
      const holding = holdings.get(channel)
      if (!holding) return
      holding.count -= 1
      if (holding.count > 0 || isClosed) return
      holding.linger = clock.startTimer(lingerMs, () => drop(channel, holding))
    },
    close() {
      isClosed = true
      stopWatching()
      for (const { linger } of holdings.values()) if (linger) clock.stopTimer(linger)
      for (const one of subscribers.values()) one.close()
    },
  }
}
