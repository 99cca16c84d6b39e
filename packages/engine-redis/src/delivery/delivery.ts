/**
 * From what servers publish to what listeners are told.
 *
 * A partition's channel is subscribed while somebody listens to one of its conversations. Publications may be lost,
 * and then nobody is told wrong things: listeners check the chain, and are told `missed` whenever this node was out
 * of touch.
 */
import type { LogListener } from "@everthread/engine"
import { listeners as createListeners } from "@everthread/engine/parts"
import type { Keys } from "../keys.ts"
import { ephemeralText, parsePublished } from "../log/published.ts"
import type { Store } from "../store.ts"
import type { Subscriber } from "./subscriber.ts"

export interface Delivery {
  listen(conversation: string, listener: LogListener): Promise<() => void>
  publish(conversation: string, body: string): Promise<void>
  /** Tells every node's workers of an opened run. It may be lost. */
  announce(conversation: string, run: string): void
  close(): void
}

export interface DeliverySetup {
  readonly store: Store
  readonly keys: Keys
  readonly subscriber: (heard: Heard) => Subscriber
  /** Told of runs that were opened on other nodes. */
  readonly opened: (conversation: string, run: string) => void
  /** This node was out of touch with the announcements. */
  readonly missedOpenings: () => void
}

/** What the subscriber hands on. */
export interface Heard {
  message(channel: string, text: string): void
  /** From here on the channel is heard again, after a time in which it may not have been. */
  missed(channel: string): void
}

export function delivery({ store, keys, subscriber: connect, opened, missedOpenings }: DeliverySetup): Delivery {
  const listeners = createListeners()
  /** Conversations that are listened to, by partition, each with how often. */
  const heldBy = new Map<number, Map<string, number>>()
  const partitionOfChannel = new Map<string, number>()
  const openings = keys.other(0, "n", "openings")

  const subscriber = connect({
    message(channel, text) {
      if (channel === openings) return tellOpening(text)
      const published = parsePublished(text)
      if (published?.kind === "appended") listeners.appended(published.appended)
      else if (published) listeners.ephemeral(published.conversation, published.body)
    },
    missed(channel) {
      if (channel === openings) return missedOpenings()
      const partition = partitionOfChannel.get(channel)
      for (const conversation of heldBy.get(partition ?? -1)?.keys() ?? []) listeners.missed(conversation)
    },
  })
  void subscriber.hold(0, openings).catch(() => undefined)

  function tellOpening(text: string): void {
    try {
      const [conversation, run] = JSON.parse(text) as [string, string]
      opened(conversation, run)
    } catch {
      // Not of ours: a channel is open to whoever can reach the server.
    }
  }

  async function spublish(partition: number, channel: string, text: string): Promise<void> {
    store.assertOpen()
    await store.topology.linkOf(partition)?.send(["SPUBLISH", channel, text])
  }

  return {
    async listen(conversation, listener) {
      store.assertOpen()
      const partition = keys.partitionOf(conversation)
      const channel = keys.channel(partition)
      partitionOfChannel.set(channel, partition)
      const held = heldBy.get(partition) ?? new Map<string, number>()
      heldBy.set(partition, held)
      held.set(conversation, (held.get(conversation) ?? 0) + 1)
      const remove = listeners.add(conversation, listener)
      let isStopped = false
      const stop = () => {
        if (isStopped) return
        isStopped = true
        remove()
        const left = (held.get(conversation) ?? 1) - 1
        if (left > 0) held.set(conversation, left)
        else held.delete(conversation)
        if (held.size > 0 || heldBy.get(partition) !== held) return
        heldBy.delete(partition)
        subscriber.release(channel)
      }
      try {
        await subscriber.hold(partition, channel)
        return stop
      } catch (error) {
        stop()
        throw error
      }
    },
    publish: (conversation, body) => {
      const partition = keys.partitionOf(conversation)
      return spublish(partition, keys.channel(partition), ephemeralText(conversation, body))
    },
    announce(conversation, run) {
      void spublish(0, openings, JSON.stringify([conversation, run])).catch(() => undefined)
    },
    close: () => subscriber.close(),
  }
}
