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
import type { Timer } from "@everthread/protocol"
import type { MasterSubscriber } from "./master-subscriber.ts"
import { type MasterSubscribersSetup, masterSubscribers } from "./master-subscribers.ts"

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

export interface SubscriberSetup extends MasterSubscribersSetup {
  /** How long `hold` may wait, in milliseconds. */
  readonly deadlineMs: number
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
  readonly waiting: Set<Waiting>
  linger: Timer | undefined
}

interface Waiting {
  resolve(): void
  refuse(error: EngineError): void
}

const lingerMsDefault = 30_000

export function subscriber(setup: SubscriberSetup, heard: Heard): Subscriber {
  const { topology, clock, deadlineMs, lingerMs = lingerMsDefault } = setup
  const holdings = new Map<string, Holding>()
  const masters = masterSubscribers(setup, {
    message: heard.message,
    confirmed,
    lost: (at, channel) => void holdings.get(channel)?.heardAt.delete(at),
  })
  const stopWatching = topology.onChange(() => {
    for (const [channel, holding] of holdings) place(channel, holding)
    masters.closeIdle()
  })
  let isClosed = false

  /** Puts a channel where its partition is now. Where nobody knows, it stays where it is. */
  function place(channel: string, holding: Holding): void {
    const to = masters.of(holding.partition)
    if (!to || holding.place === to) return
    if (holding.place) holding.before.add(holding.place)
    holding.before.delete(to)
    holding.place = to
    to.want(channel)
    // It came back before it was heard elsewhere.
    if (holding.heardAt.has(to)) confirmed(to, channel)
  }

  function confirmed(at: MasterSubscriber, channel: string): void {
    const holding = holdings.get(channel)
    if (!holding) return at.unwant(channel)
    holding.heardAt.add(at)
    if (holding.place !== at) return
    for (const other of holding.before) {
      holding.heardAt.delete(other)
      other.unwant(channel)
    }
    holding.before.clear()
    for (const one of [...holding.waiting]) one.resolve()
    if (holding.wasHeard) heard.again(channel)
    holding.wasHeard = true
    masters.closeIdle()
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
    masters.closeIdle()
  }

  function untilHeard(holding: Holding): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = clock.startTimer(deadlineMs, () => waiting.refuse(awayFor(topology.reason())))
      const end = () => {
        clock.stopTimer(timer)
        holding.waiting.delete(waiting)
      }
      const waiting: Waiting = {
        resolve() {
          end()
          resolve()
        },
        refuse(error) {
          end()
          reject(error)
        },
      }
      holding.waiting.add(waiting)
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
      masters.close()
      const error = new EngineError("closed", "The engine was closed.")
      for (const { linger, waiting } of holdings.values()) {
        if (linger) clock.stopTimer(linger)
        for (const one of [...waiting]) one.refuse(error)
      }
    },
  }
}

const awayFor = (reason: string) => new EngineError("unavailable", `Redis cannot be listened to: ${reason}`)
