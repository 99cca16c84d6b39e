/**
 * Applies the retention policy to one conversation: says in the log what has expired, then takes it out of the store.
 *
 *   decide ─▶ append `expired` ─▶ snapshot behind it, log trimmed through it (one step) ─▶ archive cut
 *
 * Each step may be the last: a node that dies is followed by another one, or by its own next look, which finds by
 * what is stored how far the one before it came. Two nodes at once write one event, because the append expects the
 * value that was there before anything was read. (SPEC RET2, RET4)
 *
 * It reads the store and not the feed: most conversations that it looks at are live on no node. What it asks for at a
 * time is bounded, however long a conversation is.
 */
import { type Engine, type EventLog, freshNonce } from "@everthread/engine"
import { type ChatMessage, type Clock, type EventOf, type Random, reduce, type Seq } from "@everthread/protocol"
import { compactionOf } from "./compaction.ts"
import { type Folded, foldLog, hasExpired } from "./fold.ts"
import type { Log } from "./log-sink.ts"
import type { Meter } from "./meter.ts"
import { excessOf, isExcess, type RetentionPolicy } from "./retention-policy.ts"
import { SteadyTime } from "./steady-time.ts"

export interface RetentionOptions {
  readonly engine: Engine
  readonly clock: Clock
  readonly random: Random
  readonly logger: Log
  readonly meter: Meter
  readonly policy: RetentionPolicy
  /** Entries behind a snapshot that are kept where nothing expired. */
  readonly tailEntries: number
}

/** The value beside the log that each `expired` changes: who has seen another one is too late. */
const turnName = "expired"
/** Messages of the archive that are read or cut at a time. */
const archivePage = 200
/** A snapshot that somebody else has just moved on is made anew; more often than this it is left to the next look. */
const compactTriesMax = 3

/** A message as far as retention looks into it. */
type Old = Pick<ChatMessage, "seq" | "time">

/** What is to be said of a conversation: messages that began at `upTo` or before go, so many of which the state does not hold. */
interface Said {
  readonly upTo: Seq
  readonly gone: number
}

/** What a look at a conversation has found. */
interface Findings extends Said {
  /** The archive holds some that had expired before. */
  readonly isUncut: boolean
}

export class Retention {
  readonly #options: RetentionOptions
  readonly #log: EventLog
  readonly #time: SteadyTime

  constructor(options: RetentionOptions) {
    this.#options = options
    this.#log = options.engine.log
    this.#time = new SteadyTime(options.clock, options.engine, options.logger)
  }

  async enforce(conversation: string): Promise<void> {
    const turn = await this.#log.value(conversation, turnName)
    const archivedCount = await this.#countArchive(conversation)
    const folded = await foldLog(this.#log, conversation)
    if (!folded) return
    const found = await this.#look(conversation, folded, archivedCount)
    if (this.#isDue(folded, found)) {
      if (await this.#say(conversation, found, turn)) await this.#finish(conversation)
    } else if (folded.takenBackAt > 0 || found.isUncut) {
      await this.#finish(conversation)
    }
  }

  /** Before the fold: what is archived in between is then counted nowhere, rather than twice. */
  async #countArchive(conversation: string): Promise<number> {
    return this.#options.policy.messagesMax > 0 ? this.#log.archivedCount(conversation) : 0
  }

  async #look(conversation: string, folded: Folded, archivedCount: number): Promise<Findings> {
    const { state, dropped } = folded
    const count = archivedCount + dropped.length + state.messages.length
    const { policy } = this.#options
    const excess = excessOf(policy, policy.daysMax > 0 ? await this.#time.now() : undefined, count)
    const held = new Set<Old>(state.messages)
    let [index, gone, isUncut] = [0, 0, false]
    for await (const message of this.#oldestFirst(conversation, folded)) {
      if (hasExpired(state, message)) isUncut ||= !held.has(message)
      else if (!isExcess(excess, message, index)) return { upTo: message.seq - 1, gone, isUncut }
      else if (!held.has(message)) gone++
      index++
    }
    return { upTo: state.seq, gone, isUncut }
  }

  /** Whether saying it would change anything: a run may have ended that needed what had expired before. */
  #isDue({ state }: Folded, { upTo, gone }: Said): boolean {
    const after = reduce(state, { ...this.#event({ upTo, gone }), seq: state.seq + 1 })
    return gone > 0 || after.messages.length < state.messages.length
  }

  #event({ upTo, gone }: Said): EventOf<"expired"> {
    return { type: "expired", time: this.#options.clock.now(), upTo, gone }
  }

  /** @returns whether it was this node that said it. */
  async #say(conversation: string, said: Said, turn: string | null): Promise<boolean> {
    const nonce = freshNonce(this.#options.random)
    const { status } = await this.#log.append({
      conversation,
      nonce,
      bodies: [JSON.stringify(this.#event(said))],
      expect: { name: turnName, is: turn, becomes: nonce },
    })
    if (status !== "appended") return false
    this.#options.meter.expired()
    this.#options.logger.debug({ conversation, upTo: said.upTo }, "messages have expired")
    return true
  }

  async #finish(conversation: string): Promise<void> {
    const upTo = await this.#compact(conversation)
    if (upTo === undefined) return
    while ((await this.#log.cutArchive(conversation, upTo, archivePage)) === archivePage);
  }

  /** @returns up to where the stored snapshot says that messages have expired. */
  async #compact(conversation: string): Promise<Seq | undefined> {
    for (let tries = 0; tries < compactTriesMax; tries++) {
      const folded = await foldLog(this.#log, conversation)
      if (!folded) return undefined
      const request = compactionOf(conversation, folded, this.#options.tailEntries)
      if (await this.#log.compact(request)) return folded.state.expiredUpTo
    }
    return undefined
  }

  /** Every message that the store holds, each once: the archive, what has left the window since, what the state holds. */
  async *#oldestFirst(conversation: string, { state, dropped }: Folded): AsyncGenerator<Old> {
    const recent = [...dropped, ...state.messages].sort((left, right) => left.seq - right.seq)
    let next = 0
    for await (const old of this.#archive(conversation)) {
      for (let held = recent[next]; held && held.seq <= old.seq; held = recent[++next]) yield held
      if (recent[next - 1]?.seq !== old.seq) yield old
    }
    yield* recent.slice(next)
  }

  /** One at first: mostly the oldest may stay, and with it all the others. */
  async *#archive(conversation: string): AsyncGenerator<Old> {
    let after: Seq = 0
    for (let max = 1; ; max = archivePage) {
      const page = await this.#log.archivedAfter(conversation, after, max)
      for (const { body } of page) yield JSON.parse(body) as ChatMessage
      after = page.at(-1)?.seq ?? after
      if (page.length < max) return
    }
  }
}
