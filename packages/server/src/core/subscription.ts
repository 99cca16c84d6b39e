/**
 * One device's view of one conversation: a small state machine from a cursor to the live tail.
 *
 *   reading ──(its cursor meets the feed's ring)──▶ live ──(a frame that does not follow)──▶ reading
 *      └────────────────(no member, no conversation)────────▶ ended ◀──────────┘
 *
 * The feed listens before this reads, and meeting the ring and following the feed happen in one step
 * without an await between, so nothing falls between replay and tail. (SPEC SUB1, SUB4)
 *
 * It never leaves a device without an answer: an old cursor gets a snapshot, one of another history a
 * reset, and a store that is away is tried again. (SPEC SUB2, LIN1)
 *
 * Its cursor is behind what the sink took, never ahead of it. What the sink cannot take is tried once more,
 * entry by entry out of the store; what fails again ends it, and is never left out. (SPEC FRM2)
 */

import { EngineError, pageMax, type Snapshot } from "@everthread/engine"
import {
  type ConversationState,
  type Cursor,
  emptyState,
  type SnapshotReason,
  seqOf,
  startCursor,
  type WireError,
  wireError,
} from "@everthread/protocol"
import type { Feed } from "./feed.ts"
import { emptyFold, foldFrame, foldUntil } from "./fold.ts"
import type { Follower } from "./followers.ts"
import type { LogFrame } from "./log-frame.ts"
import { type Page, pageOf } from "./pages.ts"
import { unheard } from "./presence-facts.ts"
import type { SubscriptionOptions } from "./subscription-options.ts"

type State =
  | { readonly name: "idle" }
  | { readonly name: "reading" }
  | { readonly name: "live"; readonly unfollow: () => void }
  | { readonly name: "ended" }

/** What lies in `(after, until]` could not be delivered. */
interface Fault {
  readonly after: Cursor
  readonly until: Cursor
}

/** How long to wait before trying again what the store or the sink could not do, at most; full jitter. */
const retryMsMax = 2_000
/** How long to wait for the node to be told of what the store already has. */
const aheadMsMax = 20

export class Subscription implements Follower {
  readonly #options: SubscriptionOptions
  #state: State = { name: "idle" }
  #cursor: Cursor | undefined
  /** The state at the cursor while a stateful one replays: folded on, page by page. */
  #before: ConversationState | undefined
  #saidUpToDate = false
  /** As long as it lies ahead, entries are read from the store one by one: to get as far as can be. */
  #fault: Fault | undefined
  #feed: Feed | undefined

  constructor(options: SubscriptionOptions) {
    this.#options = options
    this.#cursor = options.cursor
  }

  start(): void {
    if (this.#state.name === "idle") this.#read()
  }

  /** Ends it from the device's side: nothing more is delivered, and nothing is said. */
  stop(): void {
    this.#leaveFeed()
    this.#state = { name: "ended" }
  }

  // What the feed tells while live.

  frame(frame: LogFrame): void {
    if (this.#state.name !== "live") return
    if (frame.prev === this.#cursor && this.#canDeliver(frame)) this.#deliver(frame)
    else if (seqOf(frame.cursor) > seqOf(this.#cursor ?? startCursor)) this.#read()
    // Otherwise it was read from the store before the feed was told of it.
  }

  ephemeral(body: string): void {
    if (this.#state.name === "live") this.#options.sink.ephemeral(body)
  }

  lost(): void {
    if (this.#state.name === "live") this.#read()
  }

  // Catching up.

  #read(pauseMsMax = 0): void {
    this.#leaveFeed()
    if (this.#state.name !== "idle") this.#options.admission.forget()
    const reading: State = { name: "reading" }
    this.#state = reading
    void this.#catchUp(reading, pauseMsMax)
  }

  get #isReading(): boolean {
    return this.#state.name === "reading"
  }
  get #isLive(): boolean {
    return this.#state.name === "live"
  }

  /** @param reading the state that this is for: one that has begun anew meanwhile has a loop of its own. */
  async #catchUp(reading: State, pauseMsMax: number): Promise<void> {
    const { conversation, hub, sink } = this.#options
    if (pauseMsMax > 0) await this.#pause(pauseMsMax)
    while (this.#state === reading) {
      try {
        const feed = await hub.feed(conversation)
        this.#feed = feed
        const pauseMsMax = await sink.turn(() => this.#step(feed))
        if (pauseMsMax > 0) await this.#pause(pauseMsMax)
      } catch (error) {
        this.#sayTryAgain(error)
        await this.#pause(retryMsMax)
      }
    }
  }

  /**
   * One step towards the head: goes live when the ring continues the cursor, otherwise reads one page.
   * @returns how long to wait at most before the next one, in milliseconds.
   */
  async #step(feed: Feed | undefined): Promise<number> {
    if (!this.#isReading) return 0
    if (!feed) return this.#end(wireError("not_member"))
    if (this.#cursor === undefined) return this.#beginFresh(feed)
    const isMember = await this.#options.admission.holds(feed)
    if (this.#options.stateful) await feed.state()
    if (!this.#isReading) return 0
    if (!isMember) return this.#end(wireError("not_member"))
    if (this.#fault) return this.#readPage(feed, this.#cursor)
    const meeting = feed.meet(this.#cursor)
    if (meeting.kind === "joined" && !feed.closed && meeting.frames.every((frame) => this.#canDeliver(frame)))
      return this.#goLive(feed, meeting.frames)
    return this.#readPage(feed, this.#cursor)
  }

  #canDeliver({ before }: LogFrame): boolean {
    return !this.#options.stateful || before !== undefined
  }

  #goLive(feed: Feed, frames: readonly LogFrame[]): number {
    this.#before = undefined
    this.#state = { name: "live", unfollow: feed.follow(this, this.#options.stateful) }
    for (const frame of frames) if (this.#isLive) this.#deliver(frame)
    if (this.#isLive) this.#sayUpToDate()
    return 0
  }

  async #beginFresh(feed: Feed): Promise<number> {
    const snapshot = await this.#options.engine.log.snapshot(this.#options.conversation)
    if (!this.#isReading) return 0
    if (snapshot) return this.#restart(feed, "fresh", snapshot)
    this.#cursor = startCursor
    return 0
  }

  async #readPage(feed: Feed, cursor: Cursor): Promise<number> {
    const page = await (this.#fault ? this.#readOne(cursor) : feed.read(cursor))
    if (!this.#isReading) return 0
    switch (page.status) {
      case "no-conversation":
        return this.#end(wireError("not_found", { field: "conversation" }))
      case "diverged":
        // What the node holds may be of the same history: then nobody is to be given it again, this device least of all.
        await feed.check()
        return this.#isReading ? this.#restart(feed, page.status, page.snapshot) : 0
      case "trimmed":
        return this.#restart(feed, page.status, page.snapshot)
      case "tail":
        if (page.frame.entries.length > 0) return this.#deliverPage(feed, page.frame)
        this.#fault = undefined
        // The store agrees with the cursor, so it is the node that does not know yet, or not rightly.
        await feed.check()
        return aheadMsMax
    }
  }

  async #readOne(cursor: Cursor): Promise<Page> {
    const max = { ...pageMax, entriesMax: 1 }
    return pageOf(await this.#options.engine.log.read(this.#options.conversation, cursor, max))
  }

  /** Delivers what was read, with the state before it where the protocol needs that and it can be known. */
  async #deliverPage(feed: Feed, frame: LogFrame): Promise<number> {
    if (this.#options.stateful) {
      const { engine, conversation } = this.#options
      this.#before ??= await foldUntil(engine.log, conversation, frame.prev)
      if (!this.#isReading) return 0
      if (!this.#before) return this.#beginAgain(feed)
      this.#before = foldFrame({ ...emptyFold, cursor: frame.prev, state: this.#before }, frame).state
    }
    this.#deliver(frame)
    return 0
  }

  /** What led to the device's cursor is trimmed, though what follows is not: a snapshot says it all. */
  async #beginAgain(feed: Feed): Promise<number> {
    const snapshot = await this.#options.engine.log.snapshot(this.#options.conversation)
    return this.#isReading ? this.#restart(feed, "trimmed", snapshot) : 0
  }

  /**
   * Replaces what the device holds; without a snapshot the new history begins at its beginning. It is no entry, in which a
   * removal would be found: who is a member now, after it was read, was one when it was written. (SPEC CON5)
   */
  async #restart(feed: Feed, reason: SnapshotReason, snapshot: Snapshot | undefined): Promise<number> {
    const isMember = await this.#options.admission.ask(feed)
    if (!this.#isReading) return 0
    if (!isMember) return this.#end(wireError("not_member"))
    const { cursor, state } = snapshot ?? { cursor: startCursor, state: JSON.stringify(emptyState) }
    this.#before = undefined
    try {
      await this.#options.sink.snapshot(reason, cursor, state)
      if (reason !== "fresh") this.#options.meter.reset(reason)
      this.#cursor = cursor
      this.#fault = undefined
    } catch (error) {
      if (error instanceof EngineError) throw error
      this.#failed({ after: cursor, until: cursor }, error)
    }
    return 0
  }

  // Delivering.

  /**
   * What follows a removal of its user is not delivered before the store was asked: reading on begins with that. The
   * removal itself is: a device may know why it hears no more. (SPEC CON5)
   */
  #deliver(whole: LogFrame): void {
    const removedAt = whole.removalOf(this.#options.user)
    const frame = removedAt < 0 ? whole : whole.first(removedAt + 1)
    try {
      this.#options.sink.frame(frame)
    } catch (error) {
      return this.#failed({ after: frame.prev, until: frame.cursor }, error)
    }
    this.#cursor = frame.cursor
    if (this.#fault && seqOf(this.#fault.until) <= seqOf(frame.cursor)) this.#fault = undefined
    if (removedAt < 0) return
    this.#before = undefined
    this.#options.admission.removed()
    if (this.#isLive) this.#read()
  }

  /** The first time at a place it tries again after a while; the second time it ends, so it never runs hot. */
  #failed(fault: Fault, error: unknown): void {
    const isAgain = this.#fault?.after === fault.after
    this.#fault = fault
    this.#before = undefined
    if (this.#state.name === "ended") return
    if (isAgain) {
      this.#feed?.undeliverable(fault.after, error)
      this.#end(wireError("internal"))
    } else {
      this.#sayTryAgain(error)
      this.#read(retryMsMax)
    }
  }

  #sayTryAgain(err: unknown): void {
    this.#options.logger.debug({ err, conversation: this.#options.conversation }, "a subscription tries again")
  }

  /** Said once. Behind every later reading: what has no place in the log was told to others meanwhile. (SPEC NOD2) */
  #sayUpToDate(): void {
    if (this.#cursor === undefined) return
    if (this.#saidUpToDate) return this.#options.sink.ephemeral(unheard)
    this.#saidUpToDate = true
    this.#options.sink.upToDate(this.#cursor)
  }

  #end(error: WireError): number {
    this.stop()
    this.#options.sink.ended(error)
    return 0
  }

  #leaveFeed(): void {
    if (this.#state.name === "live") this.#state.unfollow()
  }

  #pause(msMax: number): Promise<void> {
    const ms = this.#options.random.fraction() * msMax
    return new Promise((resolve) => void this.#options.clock.startTimer(ms, resolve))
  }
}
