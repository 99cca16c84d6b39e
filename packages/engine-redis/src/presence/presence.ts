/**
 * The port of presence on Redis: who is here, on all nodes.
 *
 * The connections of this engine are the truth, and the store is brought in line with them: seat by seat, one write
 * at a time for each, always with what is true when it is written. So a repeat does no harm, and what could not be
 * written is put right by looking through everything once the store is back. What an engine leaves behind that died
 * is cleared away by another one, entry by entry: whoever takes the last entry of a device away tells of it.
 */
import type { Presence, PresentDevice } from "@everthread/engine"
import { type ListenerSet, listenerSet } from "@everthread/engine/parts"
import { everyPartition, type Keys } from "../keys.ts"
import type { Store } from "../store.ts"
import { eachOf } from "./each-of.ts"
import { entries } from "./entries.ts"
import { registry } from "./registry.ts"
import { nameOfSeat, type Seat, Seats, seatOf } from "./seats.ts"
import { turns } from "./turns.ts"

export interface RedisPresence extends Presence {
  /** Takes what is this engine's own out of the store. */
  close(): Promise<void>
}

type News = "came" | "went" | "none"
type Told = [conversation: string, device: PresentDevice]

/** Calls that may be under way at a time when much is put right. */
const atOnceMax = 32

export function presence(store: Store, keys: Keys): RedisPresence {
  const seats = new Seats(keys.partitionOf)
  const written = entries(store, keys)
  const inTurn = turns<News>()
  const listeners = { came: listenerSet<Told>(), went: listenerSet<Told>() }
  const clearing = new Set<string>()
  /** Names that this engine had. */
  const formerNames = new Set<string>()
  /** Names of seats of which nobody knows whether they were written: the others may not have been told. */
  const untold = new Set<string>()
  /** The store may not say what is true here. */
  let isDoubtful = false
  let isStarted = false
  let closing: Promise<void> | undefined

  const engines = registry(store, keys, {
    beaten: () => void putRight().catch(() => undefined),
    renamed(before) {
      formerNames.add(before)
      isDoubtful = true
    },
    lost: (engine) => void clearAfter(engine).catch(() => undefined),
  })
  // Another connection may mean another server, and that one may have lost what the first had been told.
  const stopWatching = store.topology.onChange(() => {
    isDoubtful ||= isStarted
  })

  function start(): void {
    store.assertOpen()
    if (isStarted) return
    isStarted = true
    void engines.name().catch(() => undefined)
  }

  const bring = (seat: Seat): Promise<News> => inTurn(nameOfSeat(seat), () => write(seat))

  async function write(seat: Seat): Promise<News> {
    const name = nameOfSeat(seat)
    try {
      const engine = await engines.name()
      const isHere = seats.has(seat)
      const { had, removed, others } = await written.set(engine, seat, isHere, engines.gone())
      const isElsewhere = (await engines.living(others)).size > 0
      const isUntold = untold.delete(name)
      if (isElsewhere) return "none"
      if (isHere) return had && !isUntold ? "none" : "came"
      return removed > 0 || isUntold ? "went" : "none"
    } catch (error) {
      isDoubtful = true
      // Even where it was written: then it is no news to the store any more, and to everybody else it still is.
      untold.add(name)
      throw error
    }
  }

  /** Compares what stands in the store with what is true here, and writes where they differ. */
  async function putRight(): Promise<void> {
    if (!isDoubtful || closing) return
    isDoubtful = false
    try {
      const engine = await engines.name()
      await eachOf(everyPartition, atOnceMax, async (partition) => {
        const stored = new Set(await written.held(engine, partition))
        const missing = seats.names(partition).filter((name) => !stored.has(name))
        const tooMany = [...stored].filter((name) => !seats.has(seatOf(name)))
        for (const name of [...missing, ...tooMany]) tell(await bring(seatOf(name)), seatOf(name))
      })
      // Those that are written, though nobody heard of it.
      await eachOf([...untold], atOnceMax, async (name) => tell(await bring(seatOf(name)), seatOf(name)))
      // Only now: what is taken away under the old name stands already under the new one.
      for (const former of formerNames) {
        await clear(former)
        formerNames.delete(former)
      }
    } catch (error) {
      isDoubtful = true
      throw error
    }
  }

  /** An engine was given up. One that nobody has asked to tell leaves the clearing to others. */
  async function clearAfter(engine: string): Promise<void> {
    if (listeners.went.size > 0 && !formerNames.has(engine)) await clear(engine)
  }

  async function clear(engine: string): Promise<void> {
    if (clearing.has(engine)) return
    clearing.add(engine)
    try {
      await eachOf(everyPartition, atOnceMax, async (partition) => {
        for (const name of await written.held(engine, partition)) {
          const { removed, others } = await written.set(engine, seatOf(name), false, engines.gone())
          if (removed > 0 && others.length === 0) tell("went", seatOf(name))
        }
      })
      await engines.forget(engine)
    } finally {
      clearing.delete(engine)
    }
  }

  function tell(news: News, { conversation, ...device }: Seat): void {
    if (news !== "none") listeners[news].tell(conversation, device)
  }

  function listen(to: ListenerSet<Told>, listener: (...told: Told) => void): () => void {
    start()
    return to.add(listener)
  }

  async function leaveAll(): Promise<void> {
    stopWatching()
    const name = await engines.stop()
    if (name === undefined) return
    await inTurn.idle()
    // Where it fails, the others find this engine silent and do it.
    await Promise.all([...formerNames, name].map(clear)).catch(() => undefined)
  }

  return {
    async enter(conversation, device) {
      start()
      const seat = { conversation, ...device }
      return seats.take(seat) && (await bring(seat)) === "came"
    },
    async leave(conversation, device) {
      start()
      const seat = { conversation, ...device }
      return seats.give(seat) && (await bring(seat)) === "went"
    },
    async present(conversation) {
      start()
      const found = await written.of(conversation)
      const living = await engines.living([...new Set(found.map(({ engine }) => engine))])
      return found
        .filter(({ engine }) => living.has(engine))
        .map(({ user, device, node }): PresentDevice => ({ user, device, node }))
    },
    async isPresent(conversation, { user, device }) {
      start()
      return (await engines.living(await written.enginesOf(conversation, user, device))).size > 0
    },
    onGone: (listener) => listen(listeners.went, listener),
    onBack: (listener) => listen(listeners.came, listener),
    close() {
      closing ??= leaveAll()
      return closing
    },
  }
}
