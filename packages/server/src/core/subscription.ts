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
 */

import type { Engine, Snapshot } from "@everthread/engine"
import {
  type Clock,
  type ConversationState,
  type Cursor,
  emptyState,
  type Random,
  type SnapshotReason,
  seqOf,
  startCursor,
  type WireError,
  wireError,
} from "@everthread/protocol"
import type { Feed, Follower } from "./feed.ts"
import { foldFrame, foldUntil, pageEntriesMax } from "./fold.ts"
import type { Hub } from "./hub.ts"
import { LogFrame } from "./log-frame.ts"
import type { Log } from "./log-sink.ts"

/** Where a subscription delivers to: the connection, through its protocol. */
export interface Sink {
  frame(frame: LogFrame): void
  /** What follows it is delivered when it has resolved. */
  snapshot(reason: SnapshotReason, cursor: Cursor, stateJson: string): void | Promise<void>
  upToDate(cursor: Cursor): void
  ephemeral(body: string): void
  /** Nothing comes after this. */
  ended(error: WireError): void
  /** Does the work, one step of a replay, when the device can take it: at once, or after other replays. */
  turn<T>(work: () => Promise<T>): Promise<T>
}

export interface SubscriptionOptions {
  readonly conversation: string
  readonly user: string
  readonly cursor: Cursor | undefined
  readonly sink: Sink
  /** Every frame that is delivered has to carry the state before it. */
  readonly stateful: boolean
  readonly hub: Hub
  readonly engine: Engine
  readonly clock: Clock
  readonly random: Random
  readonly logger: Log
}

type State =
  | { readonly name: "idle" }
  | { readonly name: "reading" }
  | { readonly name: "live"; readonly unfollow: () => void }
  | { readonly name: "ended" }

/** How long to wait before trying again what the store could not do, at most; full jitter. */
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
    if (frame.prev === this.#cursor) this.#deliver(frame)
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

  #read(): void {
    this.#leaveFeed()
    this.#state = { name: "reading" }
    void this.#catchUp()
  }

  get #isReading(): boolean {
    return this.#state.name === "reading"
  }

  async #catchUp(): Promise<void> {
    const { conversation, hub, logger, sink } = this.#options
    while (this.#isReading) {
      try {
        const feed = await hub.feed(conversation)
        const pauseMsMax = await sink.turn(() => this.#step(feed))
        if (pauseMsMax > 0) await this.#pause(pauseMsMax)
      } catch (error) {
        logger.debug({ err: error, conversation }, "a subscription tries again")
        await this.#pause(retryMsMax)
      }
    }
  }

  /**
   * One step towards the head: goes live when the ring continues the cursor, otherwise reads one page.
   * @returns how long to wait at most before the next one, in milliseconds.
   */
  async #step(feed: Feed | undefined): Promise<number> {
    const { conversation, engine, user, stateful } = this.#options
    if (!this.#isReading) return 0
    const role = await engine.directory.role(conversation, user)
    if (stateful) await feed?.state()
    if (!this.#isReading) return 0
    if (!feed || !role) return this.#end(wireError("not_member"))
    if (this.#cursor === undefined) return this.#beginFresh()
    const meeting = feed.meet(this.#cursor)
    if (meeting.kind === "joined" && !feed.closed && this.#canDeliver(meeting.frames))
      return this.#goLive(feed, meeting.frames)
    return this.#readPage(feed, this.#cursor)
  }

  #canDeliver(frames: readonly LogFrame[]): boolean {
    return !this.#options.stateful || frames.every((frame) => frame.before !== undefined)
  }

  #goLive(feed: Feed, frames: readonly LogFrame[]): number {
    this.#before = undefined
    this.#state = { name: "live", unfollow: feed.follow(this) }
    for (const frame of frames) this.#deliver(frame)
    this.#sayUpToDate()
    return 0
  }

  async #beginFresh(): Promise<number> {
    const snapshot = await this.#options.engine.log.snapshot(this.#options.conversation)
    if (!this.#isReading) return 0
    if (snapshot) return this.#restart("fresh", snapshot)
    this.#cursor = startCursor
    return 0
  }

  async #readPage(feed: Feed, cursor: Cursor): Promise<number> {
    const page = await this.#options.engine.log.read(this.#options.conversation, cursor, pageEntriesMax)
    if (!this.#isReading) return 0
    switch (page.status) {
      case "no-conversation":
        return this.#end(wireError("not_found", { field: "conversation" }))
      case "trimmed":
      case "diverged":
        return this.#restart(page.status, page.snapshot)
      case "tail":
        if (page.entries.length > 0) return this.#deliverPage(LogFrame.of(page.prev, page.entries))
        // The store agrees with the cursor, so it is the node that does not know yet, or not rightly.
        await feed.check()
        return aheadMsMax
    }
  }

  /** Delivers what was read, with the state before it where the protocol needs that and it can be known. */
  async #deliverPage(frame: LogFrame): Promise<number> {
    if (this.#options.stateful) {
      const { engine, conversation } = this.#options
      this.#before ??= await foldUntil(engine.log, conversation, frame.prev)
      if (!this.#isReading) return 0
      if (!this.#before) return this.#beginAgain()
      this.#before = foldFrame({ cursor: frame.prev, state: this.#before, dropped: [] }, frame).state
    }
    this.#deliver(frame)
    return 0
  }

  /** What led to the device's cursor is trimmed, though what follows is not: a snapshot says it all. */
  async #beginAgain(): Promise<number> {
    const snapshot = await this.#options.engine.log.snapshot(this.#options.conversation)
    return this.#isReading ? this.#restart("trimmed", snapshot) : 0
  }

  /** Replaces what the device holds; without a snapshot the new history begins at its beginning. */
  async #restart(reason: SnapshotReason, snapshot: Snapshot | undefined): Promise<number> {
    const { cursor, state } = snapshot ?? { cursor: startCursor, state: JSON.stringify(emptyState) }
    this.#before = undefined
    await this.#options.sink.snapshot(reason, cursor, state)
    this.#cursor = cursor
    return 0
  }

  // Delivering.

  #deliver(frame: LogFrame): void {
    this.#cursor = frame.cursor
    this.#options.sink.frame(frame)
    if (frame.entries.some((entry) => this.#mayRevoke(entry.body))) void this.#checkMembership()
  }

  /** A cheap look before anything is parsed; it may be wrong, and then costs one question to the store. */
  #mayRevoke(body: string): boolean {
    return body.startsWith('{"type":"member.removed"')
  }

  async #checkMembership(): Promise<void> {
    const { engine, conversation, user } = this.#options
    try {
      const role = await engine.directory.role(conversation, user)
      if (!role && this.#state.name !== "ended") this.#end(wireError("not_member"))
    } catch {
      // The store cannot say: reading again will not go on before it can.
      if (this.#state.name === "live") this.#read()
    }
  }

  #sayUpToDate(): void {
    if (this.#saidUpToDate || this.#cursor === undefined) return
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
    const { clock, random } = this.#options
    return new Promise((resolve) => void clock.startTimer(random.fraction() * msMax, resolve))
  }
}
