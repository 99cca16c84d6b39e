/**
 * The port of ownership on Redis.
 *
 * Open runs are indexed in the partition of their conversation, in the append's own step. A list of all of them
 * would ask every partition; so a node asks those that it was told of, those that had some when it last asked, and
 * now and then all of them, because what tells it may be lost.
 */
import type { Fence, Leases, OpenRun, Owner, RunAbout, RunChange } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import { announcements } from "./announcements.ts"
import { type Board, parsePosted } from "./delivery/boards.ts"
import { everyPartition, type Keys } from "./keys.ts"
import { fieldOfRun } from "./log/append.ts"
import { pairsOf } from "./pairs.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

/** What nodes that died leave behind goes after a week: no decision hangs on it. */
const beatKeptSeconds = 7 * 24 * 60 * 60
/** How long a partition that nobody spoke of may go unread. */
const everythingEveryMs = 2_000
export const openingsBoard = "openings"

export interface RedisLeases extends Leases {
  /** For the log: runs were opened or done by this node. */
  runsChanged(conversation: string, changes: readonly RunChange[]): void
  /** For delivery: runs that were opened on other nodes. */
  readonly openings: Board
}

export interface LeasesSetup {
  readonly store: Store
  readonly keys: Keys
  /** Tells all nodes, on the board `openings`. It may be lost. */
  readonly post: (list: readonly string[]) => void
}

export function leases({ store, keys, post }: LeasesSetup): RedisLeases {
  const opened = listenerSet<[conversation: string, run: string]>()
  /** Partitions that have open runs, or may. */
  const known = new Set<number>()
  let everythingAt = Number.NEGATIVE_INFINITY

  function partitionsToRead(): readonly number[] {
    const now = store.clock.monotonic()
    if (now - everythingAt < everythingEveryMs) return [...known]
    everythingAt = now
    return everyPartition
  }

  function runOpened(conversation: string, run: string): void {
    known.add(keys.partitionOf(conversation))
    opened.tell(conversation, run)
  }

  return {
    async beat(node) {
      const args = [String(beatKeptSeconds)]
      const { list } = await store.run({
        script: scripts.beat,
        partition: keys.beatPartition,
        keys: [keys.beat(node)],
        args,
      })
      return Number(list[0])
    },
    async beats(nodes) {
      const [first, ...rest] = nodes.map(keys.beat)
      if (first === undefined) return new Map()
      const call = { script: scripts.beats, partition: keys.beatPartition, args: [] }
      const { list } = await store.run({ ...call, keys: [first, ...rest] })
      return new Map(nodes.map((node, index) => [node, Number(list[index] ?? 0)]))
    },
    async leave(node) {
      await store.run({ script: scripts.leave, partition: keys.beatPartition, keys: [keys.beat(node)], args: [] })
    },
    ...announcements(store, keys),
    async claim({ conversation, run, node, nonce, instead }) {
      const partition = keys.partitionOf(conversation)
      const { list } = await store.run({
        script: scripts.claim,
        partition,
        keys: [keys.meta(conversation), keys.openRuns(partition), keys.owners(partition)],
        args: [fieldOfRun(conversation, run), conversation, textOf(instead), nonce, JSON.stringify({ node, run })],
      })
      const number = Number(list[0])
      return number > 0 ? { number, nonce } : undefined
    },
    async release(conversation, fence) {
      const partition = keys.partitionOf(conversation)
      await store.run({
        script: scripts.release,
        partition,
        keys: [keys.meta(conversation), keys.owners(partition)],
        args: [textOf(fence), conversation],
      })
    },
    async openRuns() {
      const partitions = partitionsToRead()
      const found = await Promise.all(
        partitions.map(async (partition) => {
          // Before the read: what is opened while it is under way stays known.
          known.delete(partition)
          const runs = await openRunsOf(store, keys, partition)
          if (runs.length > 0) known.add(partition)
          return runs
        }),
      )
      return inOrder(found.flat())
    },
    async settle(conversation, run, seq) {
      const partition = keys.partitionOf(conversation)
      const args = [fieldOfRun(conversation, run), String(seq)]
      await store.run({ script: scripts.settle, partition, keys: [keys.openRuns(partition)], args })
    },
    onOpened(listener) {
      store.assertOpen()
      return opened.add(listener)
    },
    runsChanged(conversation, changes) {
      for (const { run, state } of changes) {
        if (state !== "open") continue
        runOpened(conversation, run)
        post([conversation, run])
      }
    },
    openings: {
      name: openingsBoard,
      told(text) {
        const [conversation, run] = parsePosted(text) ?? []
        if (conversation !== undefined && run !== undefined) runOpened(conversation, run)
      },
      missed() {
        everythingAt = Number.NEGATIVE_INFINITY
        opened.tell("", "")
      },
    },
  }
}

const textOf = (fence: Fence | undefined): string => (fence ? `${fence.number}:${fence.nonce}` : "")

interface Opening extends OpenRun {
  /** By the clock of whoever opened it: good enough to choose between conversations, never within one. */
  readonly at: number
}

async function openRunsOf(store: Store, keys: Keys, partition: number): Promise<Opening[]> {
  const call = { script: scripts.all, partition, args: ["HGETALL"] }
  const { list } = await store.run({ ...call, keys: [keys.openRuns(partition), keys.owners(partition)] })
  const owners = new Map(pairsOf(list[1]).map(([conversation, text]) => [conversation, ownerOf(text)]))
  return pairsOf(list[0]).map(([field, opening]) => {
    const [conversation, run] = JSON.parse(field) as [string, string]
    return { conversation, run, ...openingOf(opening), owner: owners.get(conversation) }
  })
}

/** `12 1795600000000 {"agent":…,"user":…}`, the last part where it was said. */
function openingOf(text: string): Pick<Opening, "seq" | "at" | "about"> {
  const [, seq, at, about] = /^(\d+) (\d+) ?(.*)$/s.exec(text) ?? []
  return { seq: Number(seq), at: Number(at), about: about ? (JSON.parse(about) as RunAbout) : undefined }
}

/** `7:nonce {"node":…,"run":…}` */
function ownerOf(text: string): Owner {
  const [, number, nonce = "", about = "{}"] = /^(\d+):(\w+) (.+)$/s.exec(text) ?? []
  const { node, run } = JSON.parse(about) as { node: string; run: string }
  return { node, run, fence: { number: Number(number), nonce } }
}

/** Oldest first; the openings of one conversation in the order of its log, whatever the clocks said. */
function inOrder(openings: readonly Opening[]): OpenRun[] {
  const byTime = [...openings].sort((a, b) => a.at - b.at)
  const bySeq = new Map<string, Opening[]>()
  for (const opening of byTime) bySeq.set(opening.conversation, [...(bySeq.get(opening.conversation) ?? []), opening])
  for (const own of bySeq.values()) own.sort((a, b) => a.seq - b.seq)
  return byTime.flatMap(({ conversation }) => {
    const next = bySeq.get(conversation)?.shift()
    return next ? [{ conversation, run: next.run, seq: next.seq, owner: next.owner, about: next.about }] : []
  })
}
