/**
 * Keeps logs short: writes a snapshot when a log has grown enough, archives the messages that have left
 * the snapshot's window, and trims what lies well behind it. (SPEC SNP2, LOG8)
 *
 * A piece of log stays untrimmed behind the snapshot, so that a device that was away for a while gets a
 * tail and not a snapshot. One compaction of a conversation runs at a time; one that fails is tried again
 * when the log has grown further.
 */

import type { CompactRequest, Engine } from "@everthread/engine"
import { type Cursor, seqOf } from "@everthread/protocol"
import type { Folded } from "./fold.ts"
import type { Hub } from "./hub.ts"
import type { Log } from "./log-sink.ts"

export interface CompactionOptions {
  readonly engine: Engine
  readonly hub: () => Hub
  readonly logger: Log
  /** Entries after the last snapshot that make a new one worth while. */
  readonly snapshotEveryEntries: number
  /** Entries behind a snapshot that are kept all the same. */
  readonly tailEntries: number
  /** Called after each compaction, for what else is due in a conversation that has grown. */
  readonly compacted?: (conversation: string) => Promise<void>
}

/**
 * A snapshot never moves past the place where words were taken back without the log being trimmed through it in the
 * same step, whoever moves it: afterwards nobody could tell that they are still there. (SPEC RET2)
 *
 * @returns what makes the fold the conversation's snapshot.
 */
export function compactionOf(conversation: string, folded: Folded, tailEntries: number): CompactRequest {
  const { cursor, state, dropped, takenBackAt } = folded
  return {
    conversation,
    snapshot: { cursor, state: JSON.stringify(state) },
    archive: dropped.map((message) => ({ seq: message.seq, body: JSON.stringify(message) })),
    trimThrough: Math.max(0, seqOf(cursor) - tailEntries, takenBackAt),
  }
}

export class Compaction {
  readonly #options: CompactionOptions
  /** The seq of each live conversation's last snapshot, as far as this node knows. */
  readonly #compactedSeq = new Map<string, number>()
  readonly #running = new Set<string>()

  constructor(options: CompactionOptions) {
    this.#options = options
  }

  /** To be told of every step a live conversation makes. */
  grown(conversation: string, head: Cursor): void {
    const since = seqOf(head) - (this.#compactedSeq.get(conversation) ?? 0)
    if (since < this.#options.snapshotEveryEntries || this.#running.has(conversation)) return
    this.#running.add(conversation)
    void this.#compact(conversation)
      .catch((error: unknown) => {
        // Not before it has grown as much again: what cannot be written now should not be tried at every token.
        this.#compactedSeq.set(conversation, seqOf(head))
        this.#options.logger.warn({ err: error, conversation }, "could not write a snapshot; trying again later")
      })
      .finally(() => this.#running.delete(conversation))
  }

  /** The conversation is not live here any more. */
  forget(conversation: string): void {
    this.#compactedSeq.delete(conversation)
  }

  async #compact(conversation: string): Promise<void> {
    const { log } = this.#options.engine
    const stored = await log.snapshot(conversation)
    const storedSeq = stored ? seqOf(stored.cursor) : 0
    this.#compactedSeq.set(conversation, storedSeq)
    const feed = await this.#options.hub().feed(conversation)
    // Another node may just have done it: then nobody here needs the state.
    if (!feed || seqOf(feed.head) - storedSeq < this.#options.snapshotEveryEntries) return
    const folded = await feed.state()
    if (!folded || seqOf(folded.cursor) - storedSeq < this.#options.snapshotEveryEntries) return
    const taken = await log.compact(compactionOf(conversation, folded, this.#options.tailEntries))
    if (!taken) return
    this.#compactedSeq.set(conversation, seqOf(folded.cursor))
    feed.archived(folded.dropped)
    await this.#options.compacted?.(conversation).catch((error: unknown) => {
      this.#options.logger.warn({ err: error, conversation }, "could not look for what has expired; trying again later")
    })
  }
}
