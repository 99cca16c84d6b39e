/**
 * Every write from the moment it is made until the log has it: once, in order, however often the
 * connection fails on the way. (SPEC ACK3, LIN2)
 *
 * - A write gets its key here, once; every repeat carries the same one.
 * - It is sent again after each reconnect until it is acknowledged or refused for good.
 * - It is bounded: beyond `outboxEntriesMax` writes on their way, a new one is refused.
 * - The map's order is the order of the writes: changing an entry's status never moves it.
 * - Acknowledged writes stay while the log that this device has seen does not hold them yet, and the
 *   newest of them longer, so that a store that rolled back gets them again.
 */
import { type Clock, type Random, type Seq, type Stored, wireError } from "@everthread/protocol"
import { backoffMs, retryAfterJitterMs } from "./backoff.ts"
import { ConnectionLost, OutboxFull, RequestError } from "./errors.ts"
import type { Write, WriteFrame } from "./frames.ts"
import { clientLimits } from "./limits.ts"
import {
  type Ack,
  conversationOf,
  idOf,
  isAcked,
  isRepeatable,
  isUnsettled,
  laneOf,
  type OutboxEntry,
  type OutboxStatus,
  queuedEntry,
} from "./outbox-entry.ts"
import type { OutboxStore } from "./outbox-store.ts"

export interface OutboxOptions {
  readonly clock: Clock
  readonly random: Random
  readonly store: OutboxStore
  /** The largest frame that the server takes, in bytes: a larger one would end the connection each time. */
  frameBytesMax(): number
  /** Sends a write on the present connection and waits for its reply. */
  transmit(frame: WriteFrame): Promise<Stored>
  /** An entry of this conversation came, went, or changed. */
  changed(conversation: string | undefined): void
}

interface Waiter {
  resolve(stored: Stored): void
  reject(error: Error): void
}

function withEarlier(earlier: Waiter | undefined, waiter: Waiter): Waiter {
  if (!earlier) return waiter
  return {
    resolve(stored) {
      earlier.resolve(stored)
      waiter.resolve(stored)
    },
    reject(error) {
      earlier.reject(error)
      waiter.reject(error)
    },
  }
}

export class Outbox {
  readonly #options: OutboxOptions
  /** By what they are known by, as are those who wait for them. */
  readonly #entries = new Map<string, OutboxEntry>()
  readonly #waiters = new Map<string, Waiter>()
  /** How far the log of each conversation that is followed here has been seen. */
  readonly #seen = new Map<string, Seq>()
  #online = false
  /** Which connection this is, from 1. */
  #connection = 0

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /** Takes up what an earlier life of the program left behind; it goes before everything written since. */
  async restore(): Promise<void> {
    this.#options.store.watch?.((found) => this.#takeUp(found))
    const frames = await this.#options.store.load().catch(() => [])
    const since = [...this.#entries]
    this.#entries.clear()
    for (const frame of frames) this.#entries.set(idOf(frame), queuedEntry(frame))
    for (const [id, entry] of since) this.#entries.set(id, entry)
    this.#pump()
  }

  /**
   * @param key where the program has one: a write of its conversation that waits under it already is that one.
   * @returns when the write is stored.
   * @throws OutboxFull when too many writes wait already; `RequestError` when it is refused for good.
   */
  add(write: Write, key: string = this.#options.random.id(clientLimits.keyChars)): Promise<Stored> {
    const unsettled = [...this.#entries.values()].filter(isUnsettled).length
    if (unsettled >= clientLimits.outboxEntriesMax) {
      return Promise.reject(new OutboxFull(`${unsettled} writes wait to be stored; this one was not taken`))
    }
    const frame = { ...write, key } as WriteFrame
    const limit = this.#options.frameBytesMax()
    if (frameBytes(frame) > limit) {
      return Promise.reject(new RequestError(wireError("frame_too_large", { limit })))
    }
    void this.#options.store.put(frame).catch(() => {})
    const id = idOf(frame)
    return new Promise((resolve, reject) => {
      this.#waiters.set(id, withEarlier(this.#waiters.get(id), { resolve, reject }))
      const known = this.#entries.get(id)
      if (!known || !isUnsettled(known)) this.#set(queuedEntry(frame))
      this.#pump()
    })
  }

  /** Entries of a conversation, in the order in which they were written. */
  entries(conversation: string): readonly OutboxEntry[] {
    return [...this.#entries.values()].filter(({ frame }) => conversationOf(frame) === conversation)
  }

  /** Sends a failed write again, under its old key. */
  retry(conversation: string, key: string): void {
    const entry = this.#find(conversation, key)
    if (entry?.status.name === "failed") this.#requeue(entry)
  }

  /** Forgets a failed write. */
  discard(conversation: string, key: string): void {
    const entry = this.#find(conversation, key)
    if (entry?.status.name === "failed") this.#delete(entry)
  }

  #find(conversation: string, key: string): OutboxEntry | undefined {
    return this.entries(conversation).find(({ frame }) => frame.key === key)
  }

  opened(): void {
    this.#online = true
    this.#connection += 1
    this.#pump()
  }

  lost(): void {
    this.#online = false
  }

  /** The log of a conversation has been seen up to `seq`: what is stored before it need not be shown from here. */
  seen(conversation: string, seq: Seq): void {
    this.#seen.set(conversation, seq)
    this.#forgetAcked(conversation)
  }

  /**
   * Sends again, with their old keys, acknowledged writes that the log turns out to lack: the store has
   * rolled back. One that it has after all is answered as a repeat, so a doubt is reason enough. (SPEC LIN2)
   */
  resend(conversation: string, isLost: (frame: WriteFrame, ack: Ack) => boolean): void {
    const now = this.#options.clock.now()
    const takenBack = this.#takenBack(conversation)
    for (const entry of this.entries(conversation).filter(isAcked)) {
      const { seq, connection, time, ref } = entry.status
      if (!isLost(entry.frame, { seq, earlier: connection !== this.#connection, ageMs: now - time })) continue
      // It would come back under another id, by which nobody has taken it back.
      const isTakenBack = entry.frame.type === "send" && ref !== undefined && takenBack.has(ref)
      if (isRepeatable(entry) && !isTakenBack) this.#requeue(entry)
      else this.#delete(entry)
    }
  }

  /** The messages, by their ids, that were taken back here, or are about to be. */
  #takenBack(conversation: string): ReadonlySet<string> {
    return new Set(
      this.entries(conversation).flatMap(({ frame, status }) =>
        frame.type === "redact" && status.name !== "failed" ? [frame.message] : [],
      ),
    )
  }

  /** A snapshot of another history has the acknowledged writes that were not sent again: at most at `seq`. */
  rebase(conversation: string, seq: Seq): void {
    for (const entry of this.entries(conversation).filter(isAcked)) {
      this.#set({ ...entry, status: { ...entry.status, seq: Math.min(entry.status.seq, seq) } })
    }
  }

  /** Rejects everybody who waits. What the store keeps is taken up by the next `restore`. */
  close(error: Error): void {
    this.#online = false
    this.#options.store.close?.()
    for (const { reject } of this.#waiters.values()) reject(error)
    this.#waiters.clear()
  }

  /** What somebody else had written, behind all of ours: nobody has promised an order between the two. */
  #takeUp(frames: readonly WriteFrame[]): void {
    for (const frame of frames) if (!this.#entries.has(idOf(frame))) this.#set(queuedEntry(frame))
    this.#pump()
  }

  /** Sends the first unsettled write of each lane, unless it is on its way or has to wait. */
  #pump(): void {
    if (!this.#online) return
    const busy = new Set<string>()
    for (const entry of [...this.#entries.values()].filter(isUnsettled)) {
      const lane = laneOf(entry.frame)
      if (!busy.has(lane) && entry.status.name === "queued") void this.#transmit(entry)
      busy.add(lane)
    }
  }

  async #transmit(entry: OutboxEntry): Promise<void> {
    this.#set({ ...entry, status: { name: "sent" } })
    try {
      this.#acked(entry, await this.#options.transmit(entry.frame))
    } catch (error) {
      if (error instanceof RequestError && !error.error.retryable) this.#failed(entry, error)
      else if (error instanceof ConnectionLost) this.#set({ ...entry, status: { name: "queued" } })
      else this.#pause(entry, error instanceof RequestError ? error.error.retryAfterMs : undefined)
    }
    this.#pump()
  }

  #acked(entry: OutboxEntry, stored: Stored): void {
    void this.#options.store.remove(entry.frame).catch(() => {})
    const time = this.#options.clock.now()
    const { seq, ref } = stored
    this.#set({ ...entry, status: { name: "acked", seq, connection: this.#connection, ref, time } })
    this.#take(entry)?.resolve(stored)
    this.#forgetAcked(conversationOf(entry.frame))
  }

  #failed(entry: OutboxEntry, error: RequestError): void {
    void this.#options.store.remove(entry.frame).catch(() => {})
    const status: OutboxStatus = { name: "failed", error: error.error }
    // Only a message has a place where its failure can be seen and mended; for the rest the rejection says it.
    if (entry.frame.type === "send") this.#set({ ...entry, status })
    else this.#delete(entry)
    this.#take(entry)?.reject(error)
  }

  #pause(entry: OutboxEntry, retryAfterMs: number | undefined): void {
    const delays = entry.delays + 1
    const fraction = this.#options.random.fraction()
    const delayMs =
      retryAfterMs === undefined ? backoffMs(delays, fraction) : retryAfterJitterMs(retryAfterMs, fraction)
    this.#set({ ...entry, status: { name: "paused" }, delays })
    this.#options.clock.startTimer(delayMs, () => {
      this.#set({ ...entry, status: { name: "queued" }, delays })
      this.#pump()
    })
  }

  #requeue({ frame }: OutboxEntry): void {
    void this.#options.store.put(frame).catch(() => {})
    this.#set(queuedEntry(frame))
    this.#pump()
  }

  /** Keeps the newest acknowledged writes of a conversation, and all that its log, as seen here, lacks. */
  #forgetAcked(conversation: string | undefined): void {
    const seen = conversation === undefined ? 0 : (this.#seen.get(conversation) ?? Number.POSITIVE_INFINITY)
    const acked = [...this.#entries.values()].filter(
      ({ frame, status }) => conversationOf(frame) === conversation && status.name === "acked" && status.seq <= seen,
    )
    for (const entry of acked.slice(0, Math.max(acked.length - clientLimits.ackedKeptMax, 0))) this.#delete(entry)
  }

  #take({ frame }: OutboxEntry): Waiter | undefined {
    const id = idOf(frame)
    const waiter = this.#waiters.get(id)
    this.#waiters.delete(id)
    return waiter
  }

  #set(entry: OutboxEntry): void {
    this.#entries.set(idOf(entry.frame), entry)
    this.#options.changed(conversationOf(entry.frame))
  }

  #delete(entry: OutboxEntry): void {
    this.#entries.delete(idOf(entry.frame))
    this.#options.changed(conversationOf(entry.frame))
  }
}

function frameBytes(frame: WriteFrame): number {
  return new TextEncoder().encode(JSON.stringify(frame)).length + requestIdBytesMax
}

/** `,"id":` and the largest safe integer. */
const requestIdBytesMax = 22
