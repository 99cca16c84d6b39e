/**
 * One conversation as this node sees it: its head, the ring of its newest frames, its state where
 * somebody needs it, and the subscriptions that follow it live.
 *
 * Invariants:
 * - The ring is a gapless piece of the log that ends at the head; every push was checked against it.
 * - It listens before it reads its first head, so nothing falls between the two. (SPEC SUB1)
 * - What does not follow the head is filled by one read for the whole node, however many follow.
 * - A head that is no longer in the log means another history: every follower is told to start over.
 */

import { type Appended, type EventLog, pageMax } from "@everthread/engine"
import { type ChatMessage, type Cursor, seqOf } from "@everthread/protocol"
import type { Folded } from "./fold.ts"
import { type Follower, Followers } from "./followers.ts"
import type { Gate } from "./gate.ts"
import type { Standing } from "./kept-fold.ts"
import { type FrameEntry, LogFrame } from "./log-frame.ts"
import type { Log } from "./log-sink.ts"
import type { Meter } from "./meter.ts"
import type { Page, Pages } from "./pages.ts"
import { unheard } from "./presence-facts.ts"
import { type Meeting, Ring } from "./ring.ts"
import { StateAtHead } from "./state-at-head.ts"

/** From so many frames on they are joined for a device that comes back: each by itself is a write, and is waited for. */
const joinedFramesMin = 16

export interface FeedOptions {
  readonly conversation: string
  readonly log: EventLog
  readonly logger: Log
  readonly meter: Meter
  readonly ringCharsMax: number
  /** What this node calls the conversation on the wire; nobody else's as long as this feed is open. */
  readonly alias: number
  /** Through which gaps are read: what all feeds of a node missed at once is not read at once. */
  readonly gate: Gate
  /** What is read or joined for one that comes back, for those that come back with it. */
  readonly pages: Pages
  /** Called after each frame, so that whoever compacts logs can see how far this one has come. */
  readonly grown: (conversation: string, head: Cursor) => void
  /** Called once, when the feed has closed, for whatever reason. */
  readonly closed: () => void
}

export class Feed {
  readonly conversation: string
  readonly #options: FeedOptions
  readonly #followers: Followers
  readonly #state: StateAtHead
  #ring: Ring
  /** What whoever came back last was given, until something new comes. */
  #met: { readonly cursor: Cursor; readonly meeting: Meeting } | undefined
  /** While it reads, what comes in is not pushed: the read covers it, or another one will. */
  #filling: Promise<void> | undefined
  #missed = false
  #closed = false
  #removals = 0
  #touched = true
  /** Where a frame begins that could not be delivered, as it was said last. */
  #undeliverableAfter: Cursor | undefined
  #stop: (() => void) | undefined

  private constructor(options: FeedOptions) {
    this.conversation = options.conversation
    this.#options = options
    this.#ring = new Ring("0-0", options.ringCharsMax)
    const { conversation, log, logger } = options
    this.#followers = new Followers((error) => {
      logger.error({ err: error, conversation }, "a follower failed; it reads again")
    })
    this.#state = new StateAtHead({
      conversation,
      log,
      logger,
      meet: (cursor) => this.#ring.meet(cursor),
      fill: () => this.#fill(),
      isClosed: () => this.#closed,
    })
  }

  /** @returns the feed, listening (it may have closed already), or `undefined` when the conversation does not exist. */
  static async open(options: FeedOptions): Promise<Feed | undefined> {
    const feed = new Feed(options)
    feed.#filling = feed.#begin()
    await feed.#filling
    if (feed.closed) return undefined
    // What came in while the head was being read may lie beyond it. A read that fails closes the feed, which
    // says nothing about the conversation: the hub opens another one.
    if (feed.#missed) await feed.#fill()
    return feed
  }

  async #begin(): Promise<void> {
    const { log, conversation, ringCharsMax } = this.#options
    try {
      this.#stop = await log.listen(conversation, {
        appended: (appended) => this.#appended(appended),
        ephemeral: (_conversation, body) => this.#ephemeral(body),
        missed: () => this.#mayHaveMissed(),
        unheard: () => this.#ephemeral(unheard),
      })
      const head = await log.head(conversation)
      if (head === undefined) this.close()
      else this.#ring = new Ring(head, ringCharsMax)
    } catch (error) {
      this.close()
      throw error
    } finally {
      // In this very step: whatever comes in after it must not wait for a read that is over.
      this.#filling = undefined
    }
  }

  get head(): Cursor {
    return this.#ring.head
  }

  get followers(): number {
    return this.#followers.size
  }

  get closed(): boolean {
    return this.#closed
  }

  /** How many pieces of the log told of members that were removed, since this feed opened. */
  get removals(): number {
    return this.#removals
  }

  /** @returns whether it was used since this was last asked. */
  touched(): boolean {
    const touched = this.#touched
    this.#touched = false
    return touched
  }

  /** Many frames come as a few, which everybody who comes back to the same place shares. */
  meet(cursor: Cursor): Meeting {
    if (this.#met?.cursor === cursor) return this.#met.meeting
    const meeting = this.#ring.meet(cursor)
    if (meeting.kind !== "joined" || meeting.frames.length < joinedFramesMin) return meeting
    const joined: Meeting = { kind: "joined", frames: this.#joined(meeting.frames) }
    this.#met = { cursor, meeting: joined }
    return joined
  }

  /**
   * What the store holds behind the cursor, up to a place that is the same for all, so that they share what comes next. What
   * lies beyond the head is for who has asked alone: where the store loses it, this feed never learns of it. (SPEC LIN3)
   */
  read(after: Cursor): Promise<Page> {
    const { log, pages } = this.#options
    const entriesMax = pageMax.entriesMax - (seqOf(after) % pageMax.entriesMax)
    const read = () => log.read(this.conversation, after, { ...pageMax, entriesMax })
    return pages.read(this.conversation, after, read, ({ cursor }) => seqOf(cursor) <= seqOf(this.head))
  }

  /** @param isStateful every frame is to carry the state before it; for this the state has to have been asked for. */
  follow(follower: Follower, isStateful = false): () => void {
    return this.#followers.add(follower, isStateful)
  }

  /**
   * The state at the head of this feed, kept there from the first time somebody asks.
   * @returns `undefined` when the conversation is gone or the feed has closed.
   */
  state(): Promise<Folded | undefined> {
    this.#touched = true
    return this.#state.whole()
  }

  /** What a message needs to know of the conversation at this feed's head, where the state is kept already. */
  standing(): Standing | undefined {
    this.#touched = true
    return this.#state.standing()
  }

  /** Compares the head with the store's: for whoever has read something that this feed does not know. */
  check(): Promise<void> {
    return this.#fill()
  }

  /** What follows this cursor cannot be delivered: said once, however many subscriptions end there. */
  undeliverable(after: Cursor, error: unknown): void {
    if (this.#undeliverableAfter === after) return
    this.#undeliverableAfter = after
    const about = { err: error, conversation: this.conversation, after }
    this.#options.logger.error(about, "an entry cannot be delivered; the subscriptions that come to it end")
  }

  /** Forgets the messages that the fold collected, once they are archived. */
  archived(messages: readonly ChatMessage[]): void {
    this.#state.archived(messages)
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stop?.()
    this.#options.pages.forget(this.conversation)
    this.#options.closed()
    this.#followers.lose()
  }

  #appended(appended: Appended): void {
    if (this.#closed) return
    const last = appended.entries.at(-1)
    if (!last || last.cursor === this.head) return
    if (this.#filling) this.#missed = true
    else if (appended.prev === this.head) this.#push(LogFrame.of(this.head, appended.entries))
    else void this.#fill()
  }

  /** A read that is under way may be from before what was missed, so another one follows it. */
  #mayHaveMissed(): void {
    if (this.#closed) return
    if (this.#filling) this.#missed = true
    else void this.#fill()
  }

  #joined(frames: readonly LogFrame[]): LogFrame[] {
    const pieces = new Map<number, [LogFrame, ...LogFrame[]]>()
    for (const frame of frames) {
      const place = Math.floor(seqOf(frame.prev) / pageMax.entriesMax)
      const piece = pieces.get(place)
      if (piece) piece.push(frame)
      else pieces.set(place, [frame])
    }
    return [...pieces.values()].map((piece) => this.#options.pages.joined(this.conversation, piece))
  }

  #push(frame: LogFrame): void {
    frame.alias = this.#options.alias
    frame.follow(this.#ring.newest)
    this.#ring.push(frame)
    this.#met = undefined
    if (frame.removals.length > 0) this.#removals += 1
    // Who comes back now gets what the store still has, and not out of our memory what was just taken back. (SPEC RET1, RET2)
    if (frame.entries.some(saysTakenBack)) {
      this.#ring.clear()
      this.#options.pages.forget(this.conversation)
    }
    this.#state.push(frame, this.#followers.wantState)
    this.#followers.tell((follower) => follower.frame(frame))
    if (this.#followers.size > 0) this.#options.meter.delivered(frame)
    this.#options.grown(this.conversation, frame.cursor)
  }

  #ephemeral(body: string): void {
    this.#followers.tell((follower) => follower.ephemeral(body))
  }

  /** Reads what lies between the head and now: once for the node, while more may be coming in. */
  #fill(): Promise<void> {
    this.#filling ??= this.#readAll()
    return this.#filling
  }

  async #readAll(): Promise<void> {
    try {
      do {
        this.#missed = false
        await this.#readOn()
      } while (this.#missed && !this.#closed)
    } catch (error) {
      const about = { err: error, conversation: this.conversation }
      this.#options.logger.warn(about, "could not fill a gap; followers read for themselves")
      this.close()
    } finally {
      // In the same step as the last look at what was missed: a promise later, something could have come in between.
      this.#filling = undefined
    }
  }

  async #readOn(): Promise<void> {
    const { gate, log, meter } = this.#options
    for (;;) {
      const page = await gate.pass(() => log.read(this.conversation, this.head, pageMax))
      if (this.#closed) return
      if (page.status !== "tail") return this.close() // Another history: nothing held of the old one is to be believed.
      if (page.entries.length > 0) {
        meter.filled()
        this.#push(LogFrame.of(page.prev, page.entries))
      }
      if (!page.more) return
    }
  }
}

/** A cheap look, so that nothing is parsed for it: events are stored with their type first. */
function saysTakenBack({ body }: FrameEntry): boolean {
  return body.startsWith('{"type":"expired"') || body.startsWith('{"type":"redaction"')
}
