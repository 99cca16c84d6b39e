/**
 * From what servers publish to what listeners are told. (SPEC LOG5)
 *
 * A partition's channel is heard while somebody listens to one of its conversations. Publications may be lost, come
 * late, or be of a history that no log has; so each is held against what was told before:
 * - what follows is handed on, after it is durable, and as one with what was heard in the same go; what was told already
 *   is dropped;
 * - with a gap before it, the listeners are told `missed` in its stead, and read;
 * - one that lies behind is never handed on: the store is asked whether it was late or another history's.
 * What no later publication betrays, the head checks find.
 */

import type { Appended, LogListener } from "@everthread/engine"
import { listeners as createListeners } from "@everthread/engine/parts"
import { ServerError } from "../connection/server-error.ts"
import type { Keys } from "../keys.ts"
import { ephemeralText, parsePublished } from "../log/published.ts"
import { scripts } from "../script.ts"
import type { Store } from "../store.ts"
import { type Board, boardChannel, boardsByChannel, boardsPartition } from "./boards.ts"
import { durableOrder } from "./durable-order.ts"
import { headChecks } from "./head-checks.ts"
import type { Heard, Subscriber } from "./subscriber.ts"
import { toldTogether } from "./told-together.ts"
import { watchList } from "./watch-list.ts"
import { hear, type Watched } from "./watched.ts"

export interface Delivery {
  listen(conversation: string, listener: LogListener): Promise<() => void>
  /** @returns whether the server has taken it. */
  publish(conversation: string, body: string): Promise<boolean>
  /** Tells all nodes, this one too, on the board of this name. It may be lost. */
  post(board: string, list: readonly string[]): void
  close(): void
}

export interface DeliverySetup {
  readonly store: Store
  readonly keys: Keys
  readonly subscriber: (heard: Heard) => Subscriber
  readonly boards: readonly Board[]
  /**
   * Resolves when all that the partition's master has published so far is as durable as was asked for. Absent where
   * it is so before it is published.
   */
  readonly durable?: (partition: number) => Promise<void>
  /** How often heads are looked at, in milliseconds: with a run at work, and without. */
  readonly looks?: { readonly liveEveryMs: number; readonly everyMs: number }
}

export function delivery(setup: DeliverySetup): Delivery {
  const { store, keys, durable, looks = {} } = setup
  const { clock, random, topology } = store
  const listeners = createListeners()
  const together = toldTogether((appended) => listeners.appended(appended))
  const watchers = watchList()
  const boards = boardsByChannel(keys, setup.boards)
  const dropped = (partition: number) => {
    together.flush()
    for (const { conversation } of watchers.in(partition)) listeners.missed(conversation)
  }
  /** Absent where what is heard is as durable as it has to be. */
  const order = durable && durableOrder({ clock, durable, dropped })
  const checks = headChecks({
    ...{ clock, random, ...looks },
    partitions: watchers.partitions,
    watchedIn: watchers.in,
    isReachable: (partition) => topology.linkOf(partition) !== undefined,
    missed: tellMissed,
    async heads(watched) {
      const [first, ...rest] = watched.map(({ conversation }) => keys.meta(conversation))
      const partition = watched[0]?.partition
      if (first === undefined || partition === undefined) return []
      const { list } = await store.run({ script: scripts.heads, partition, keys: [first, ...rest], args: [] })
      return watched.map((_, index) => (list[index] as string | null) ?? undefined)
    },
  })
  const subscriber = setup.subscriber({ message, again })
  // They are held for as long as the engine is open, and what was posted before they were heard was not.
  for (const [channel, board] of boards) {
    void subscriber.hold(boardsPartition, channel).then(
      () => board.missed(),
      () => undefined,
    )
  }

  function message(channel: string, text: string): void {
    const board = boards.get(channel)
    if (board) return board.told(text)
    // Most of what a partition says is of conversations that nobody listens to here: its first line is enough.
    const nameEnd = text.indexOf("\n")
    const watched = watchers.named(text.slice(0, nameEnd))
    if (!watched || keys.channel(watched.partition) !== channel) return
    const published = parsePublished(text, watched.conversation, nameEnd)
    if (published?.kind === "ephemeral") {
      together.flush()
      listeners.ephemeral(watched.conversation, published.body)
    } else if (published) take(watched, published.appended, published.flags)
  }

  function take(watched: Watched, appended: Appended, flags: string): void {
    const meeting = hear(watched, appended, flags)
    checks.stirred(watched)
    switch (meeting) {
      case "follows":
        if (!order) return together.add(appended)
        return order.tell(watched.partition, charsOf(appended), () => together.add(appended))
      case "gap":
        return tellMissed(watched)
      case "behind":
        return checks.owe([watched])
      case "known":
        return
    }
  }

  /** In its turn: what was heard before it is told first. */
  function tellMissed({ partition, conversation }: Watched): void {
    const tell = () => {
      together.flush()
      listeners.missed(conversation)
    }
    if (order) order.tell(partition, 0, tell)
    else tell()
  }

  function again(channel: string): void {
    const board = boards.get(channel)
    if (board) return board.missed()
    const partition = watchers.partitions().find((one) => keys.channel(one) === channel)
    if (partition === undefined) return
    checks.owe([...watchers.in(partition)])
    for (const { conversation } of watchers.in(partition)) listeners.unheard(conversation)
  }

  /** Once: whatever is said this way may be lost. @returns whether the server has taken it. */
  async function spublish(partition: number, channel: string, text: string): Promise<boolean> {
    try {
      return (await topology.linkOf(partition)?.send(["SPUBLISH", channel, text])) !== undefined
    } catch (error) {
      if (error instanceof ServerError) topology.suspect()
      return false
    }
  }

  return {
    async listen(conversation, listener) {
      store.assertOpen()
      const partition = keys.partitionOf(conversation)
      const channel = keys.channel(partition)
      const watched = watchers.add(conversation, partition)
      const remove = listeners.add(conversation, listener)
      let isStopped = false
      const stop = () => {
        if (isStopped) return
        isStopped = true
        remove()
        watchers.remove(watched)
        subscriber.release(channel)
      }
      try {
        await subscriber.hold(partition, channel)
        // After the channel is heard and before the caller reads: what lies between the two is told or seen as a gap.
        if (watched.told === undefined) await checks.begin(watched)
        checks.stirred(watched)
        return stop
      } catch (error) {
        stop()
        throw error
      }
    },
    async publish(conversation, body) {
      store.assertOpen()
      const partition = keys.partitionOf(conversation)
      return spublish(partition, keys.channel(partition), ephemeralText(conversation, body))
    },
    post(board, list) {
      void spublish(boardsPartition, boardChannel(keys, board), JSON.stringify(list))
    },
    close() {
      checks.close()
      order?.close()
      subscriber.close()
    },
  }
}

const charsOf = ({ entries }: Appended): number => entries.reduce((chars, { body }) => chars + body.length, 0)
