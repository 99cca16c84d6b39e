/**
 * Looks at the store's heads, because the last publication before a silence may be lost, and nothing that follows
 * would say so.
 *
 * A conversation with a run at work that has been silent is looked at every second, every other one once in fifteen;
 * partitions take turns, so the work is even. A head that is ahead of what was told may still be on its way: it has
 * to be found twice. One that is behind or of another history is believed at once. After the node was out of touch
 * with a partition everything in it is looked at, and a head that differs is believed at once as well.
 *
 * So after an outage only those are told `missed` who did miss something; while the store is away nobody is told
 * anything, and the looks that are owed wait.
 *
 * Bounds: no more than `headsPerTickMax` heads are asked for in a tick, and no more than `askingMax` scripts are
 * under way; with more conversations than that the rounds take longer, and nothing else happens.
 */
import type { Clock, Cursor, Random, Timer } from "@everthread/protocol"
import { startCursor } from "@everthread/protocol"
import { sight, type Watched } from "./watched.ts"

export interface HeadChecks {
  /** Resolves when what is told of a conversation that nobody listened to until now has a beginning. */
  begin(watched: Watched): Promise<void>
  /** It began to be listened to, or something of it was heard. */
  stirred(watched: Watched): void
  /** This node was out of touch with these, all of one partition: looks at once, and again until the store answers. */
  owe(watched: readonly Watched[]): void
  close(): void
}

export interface HeadChecksSetup {
  readonly clock: Clock
  readonly random: Random
  /** Everything that is listened to in a partition. */
  readonly watchedIn: (partition: number) => readonly Watched[]
  readonly partitions: () => Iterable<number>
  /** The heads of conversations of one partition, in their order; `undefined` for one without a log. */
  readonly heads: (watched: readonly Watched[]) => Promise<readonly (Cursor | undefined)[]>
  /** There is a connection to the partition's master: asking is not in vain. */
  readonly isReachable: (partition: number) => boolean
  readonly missed: (watched: Watched) => void
  /** How often a silent conversation with a run at work is looked at, in milliseconds. Default: 1,000. */
  readonly liveEveryMs?: number
  /** How often every other one is, in milliseconds. Default: 15,000. */
  readonly everyMs?: number
}

interface Batch {
  readonly partition: number
  readonly watched: readonly Watched[]
  /** Out of touch: what differs is believed at once, and the look is owed until it succeeds. */
  readonly isOwed: boolean
}

const ticksPerLook = 10
const headsPerBatch = 100
const headsPerTickMax = 2_000
const askingMax = 16
const defaults = { liveEveryMs: 1_000, everyMs: 15_000 }

export function headChecks(setup: HeadChecksSetup): HeadChecks {
  const { clock, heads, missed, isReachable, liveEveryMs, everyMs } = { ...defaults, ...setup }
  const ticksPerRound = Math.ceil(everyMs / liveEveryMs) * ticksPerLook
  /** Those to look at every second, by partition: to go through all each time would be most of the work. */
  const awake = new Map<number, Set<Watched>>()
  let owed: Batch[] = []
  let due: Batch[] = []
  let asking = 0
  // Nodes that start together do not look together.
  let ticks = Math.floor(setup.random.fraction() * ticksPerRound)
  let timer: Timer | undefined = clock.startTimer(liveEveryMs / ticksPerLook, tick)

  function tick(): void {
    timer = clock.startTimer(liveEveryMs / ticksPerLook, tick)
    ticks += 1
    for (const partition of setup.partitions()) {
      if ((ticks + partition) % ticksPerRound === 0) queue(partition, setup.watchedIn(partition))
      else if ((ticks + partition) % ticksPerLook === 0) queue(partition, silentAtWork(partition))
    }
    owed = start(owed, Number.POSITIVE_INFINITY)
    due = start(due, headsPerTickMax)
  }

  function wake(watched: Watched): void {
    const inPartition = awake.get(watched.partition)
    if (inPartition) inPartition.add(watched)
    else awake.set(watched.partition, new Set([watched]))
  }

  /** Of what is at work and speaks, each publication says whether one before it was lost. */
  function silentAtWork(partition: number): Watched[] {
    const inPartition = awake.get(partition) ?? new Set()
    const silent: Watched[] = []
    for (const watched of inPartition) {
      const { wasHeard, run, awaited, count } = watched
      watched.wasHeard = false
      if (count === 0 || (run === "none" && awaited === undefined)) inPartition.delete(watched)
      else if (!wasHeard) silent.push(watched)
    }
    return silent
  }

  /** A partition whose last look is still waiting is not queued twice. */
  function queue(partition: number, watched: readonly Watched[]): void {
    if (due.some((batch) => batch.partition === partition)) return
    due.push(...batchesOf(partition, watched, false))
  }

  /** Starts as many as may be. @returns those that have to wait. */
  function start(batches: readonly Batch[], headsMax: number): Batch[] {
    let left = headsMax
    return batches.filter((batch) => {
      if (left <= 0 || asking >= askingMax || !isReachable(batch.partition)) return true
      left -= batch.watched.length
      void look(batch)
      return false
    })
  }

  async function look(batch: Batch): Promise<void> {
    const watched = batch.watched.filter(({ count }) => count > 0)
    if (watched.length === 0) return
    asking += 1
    const before = watched.map(({ told }) => told)
    for (const one of watched) if (batch.isOwed) one.isOwed = false
    try {
      const found = await heads(watched)
      asking -= 1
      watched.forEach((one, index) => {
        // Otherwise something was heard meanwhile, and the head may be from before it.
        if (one.told === before[index]) compare(one, found[index], batch.isOwed)
      })
      owed = start(owed, Number.POSITIVE_INFINITY)
    } catch {
      asking -= 1
      // At the next tick. What is not owed comes round again by itself.
      if (batch.isOwed && timer) owed.push(...batchesOf(batch.partition, owing(watched), true))
    }
  }

  function compare(watched: Watched, found: Cursor | undefined, isOwed: boolean): void {
    const head = found ?? startCursor
    const { told, awaited } = watched
    watched.awaited = undefined
    if (told === undefined) return
    const seen = sight(told, head)
    if (seen === "same") watched.run = watched.run === "unknown" ? "none" : watched.run
    else if (seen === "ahead" && !isOwed && awaited === undefined) lookAgain(watched, head)
    else miss(watched, head)
  }

  function lookAgain(watched: Watched, head: Cursor): void {
    watched.awaited = head
    wake(watched)
  }

  function miss(watched: Watched, head: Cursor): void {
    watched.told = head
    // What was lost may have been the beginning of a run, or its end.
    watched.run = "unknown"
    wake(watched)
    missed(watched)
  }

  return {
    async begin(watched) {
      const [head] = await heads([watched])
      watched.told ??= head ?? startCursor
    },
    stirred(watched) {
      if (watched.run !== "none") wake(watched)
    },
    owe(watched) {
      const fresh = owing(watched)
      if (fresh[0]) owed.push(...batchesOf(fresh[0].partition, fresh, true))
      owed = start(owed, Number.POSITIVE_INFINITY)
    },
    close() {
      if (timer) clock.stopTimer(timer)
      timer = undefined
      owed = []
      due = []
    },
  }
}

/** Those to whom no look is owed yet; from now on one is. */
function owing(watched: readonly Watched[]): Watched[] {
  const fresh = watched.filter(({ isOwed }) => !isOwed)
  for (const one of fresh) one.isOwed = true
  return fresh
}

function batchesOf(partition: number, watched: readonly Watched[], isOwed: boolean): Batch[] {
  const batches: Batch[] = []
  for (let at = 0; at < watched.length; at += headsPerBatch)
    batches.push({ partition, watched: watched.slice(at, at + headsPerBatch), isOwed })
  return batches
}
