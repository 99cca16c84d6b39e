/**
 * What this device knows of one conversation, joined into one view: the log it follows, the writes
 * that the log does not hold yet, the pages that were brought back, and who is here.
 *
 * The view keeps its identity while nothing has changed, as `useSyncExternalStore` needs it. Listeners
 * are told once per frame, when all parts have taken it in: between the parts a message could be seen
 * twice, or not at all.
 */
import {
  type By,
  type Clock,
  type Cursor,
  type DownFrameOf,
  type MemberEntry,
  type Random,
  type ResultOf,
  type Seq,
  seqOf,
} from "@everthread/protocol"
import type { ConnectionState } from "./connection-state.ts"
import { type ConversationView, isInQueue, sameView, statusOf } from "./conversation-view.ts"
import type { ConversationFrame, WriteFrame } from "./frames.ts"
import { clientLimits } from "./limits.ts"
import type { LocalLog } from "./local-log.ts"
import { OlderPages } from "./older-pages.ts"
import type { Outbox } from "./outbox.ts"
import type { Ack } from "./outbox-entry.ts"
import type { Paged } from "./paged.ts"
import { hasMessage, isAmong, type PendingMessage, pendingMessages, samePending, type Writer } from "./pending.ts"
import { Positions } from "./positions.ts"
import { Present } from "./present.ts"
import type { Requests } from "./requests.ts"
import { type LogUpdate, Subscription } from "./subscription.ts"
import { PeerTyping } from "./typing.ts"
import { UpdateStream } from "./update-stream.ts"

/** A change of the log as it was applied here, and what the log adds up to after it. */
export type ConversationUpdate = LogUpdate & { readonly state: ConversationView["state"] }

export interface ModelOptions {
  readonly conversation: string
  readonly device: string
  readonly clock: Clock
  readonly random: Random
  readonly outbox: Outbox
  readonly requests: Requests
  connection(): ConnectionState
  /** Who this is, once a server has said so. */
  user(): string | undefined
}

export class ConversationModel {
  readonly #options: ModelOptions
  readonly #subscription: Subscription
  readonly #typing: PeerTyping
  readonly #present: Present
  readonly #positions = new Positions()
  readonly #older: OlderPages
  readonly #listeners = new Set<() => void>()
  readonly #streams = new Set<UpdateStream<ConversationUpdate>>()
  #pending: readonly PendingMessage[] = []
  #view: ConversationView | undefined
  /** The pages that the view shows. */
  #viewed: Paged | undefined
  /** The view does not show the newest yet. */
  #stale = true
  /** A frame is being taken in: whoever listens is told at its end. */
  #busy = false

  constructor(options: ModelOptions) {
    this.#options = options
    const { clock, random } = options
    this.#typing = new PeerTyping(clock, () => this.changed())
    this.#present = new Present({ clock, random, ask: () => this.#whoIsHere(), changed: () => this.changed() })
    this.#older = new OlderPages({
      state: () => this.#subscription.log.state,
      read: (before, limit) => this.#readPage(before, limit),
      changed: () => this.changed(),
    })
    this.#subscription = new Subscription({
      clock: options.clock,
      random: options.random,
      ask: (cursor, answered) => this.#ask(cursor, answered),
      updated: (update, before) => this.#updated(update, before),
      upToDate: (cursor) => this.#upToDate(seqOf(cursor)),
      changed: () => this.#subscriptionChanged(),
    })
    options.outbox.seen(options.conversation, 0)
  }

  snapshot(): ConversationView {
    if (this.#stale || !this.#view) this.#view = this.#fresh(this.#view)
    this.#stale = false
    return this.#view
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  updates(): UpdateStream<ConversationUpdate> {
    const stream = new UpdateStream<ConversationUpdate>((ended) => this.#streams.delete(ended))
    this.#streams.add(stream)
    return stream
  }

  opened(): void {
    this.#subscription.opened()
  }

  lost(): void {
    this.#batch(() => {
      this.#subscription.lost()
      this.#typing.clear()
      this.#present.clear()
      this.#positions.clear()
      this.changed()
    })
  }

  reopen(): void {
    this.#subscription.reopen()
  }

  received(frame: ConversationFrame): void {
    this.#batch(() => {
      if (frame.type === "typing") this.#onTyping(frame)
      else if (frame.type === "presence") this.#onPresence(frame)
      else if (frame.type === "unheard") this.#onUnheard()
      else if (frame.type === "queue") this.#onQueue(frame)
      else this.#subscription.received(frame)
    })
  }

  /** @returns whether there are older messages still. */
  loadOlder(limit: number | undefined): Promise<boolean> {
    return this.#older.load(limit)
  }

  /** Something that the view shows may have changed. */
  changed(): void {
    this.#stale = true
    if (this.#busy) return
    const before = this.#view
    if (this.snapshot() !== before) for (const listener of [...this.#listeners]) listener()
  }

  close(): void {
    this.#subscription.close()
    this.#typing.clear()
    for (const stream of [...this.#streams]) stream.end()
    this.changed()
    this.#listeners.clear()
  }

  #ask(cursor: Cursor | undefined, answered: () => void): Promise<unknown> {
    const { requests, conversation } = this.#options
    const from = cursor === undefined ? {} : { cursor }
    return requests.ask<"subscribe">({ type: "subscribe", conversation, ...from }, answered)
  }

  #batch(run: () => void): void {
    this.#busy = true
    try {
      run()
    } finally {
      this.#busy = false
      if (this.#stale) this.changed()
    }
  }

  #updated(update: LogUpdate, before: LocalLog): void {
    const { conversation, outbox } = this.#options
    const { state } = this.#subscription.log
    if (update.type === "snapshot") this.#startOver(update, before)
    else this.#takeIn(update, before)
    outbox.seen(conversation, state.seq)
    for (const stream of [...this.#streams]) stream.push({ ...update, state })
    this.changed()
  }

  #startOver({ reason }: LogUpdate & { type: "snapshot" }, before: LocalLog): void {
    const { conversation, outbox } = this.#options
    const { state } = this.#subscription.log
    this.#older.drop()
    if (reason === "diverged") {
      outbox.resend(conversation, (frame) => !hasMessage(state, frame, this.#writer))
      outbox.rebase(conversation, state.seq)
    } else if (before.cursor !== undefined) {
      // Where we were is kept no more, so nobody can say whether it was of this history. What came before the snapshot's
      // place is asked for again; what comes after it is judged when the log passes there.
      const isDoubtful = ({ seq, ageMs }: Ack) => seq <= state.seq && ageMs <= clientLimits.doubtfulResendMs
      outbox.resend(conversation, (frame, ack) => isDoubtful(ack) && !hasMessage(state, frame, this.#writer))
    }
  }

  #takeIn(update: LogUpdate & { type: "events" }, before: LocalLog): void {
    const { conversation, outbox } = this.#options
    const { state } = this.#subscription.log
    const [from, to] = [before.state.seq, seqOf(update.cursor)]
    const isHere = (frame: WriteFrame, seq: Seq) =>
      isAmong(update.events, frame, seq, this.#writer) || hasMessage(state, frame, this.#writer)
    // The log has passed the place of an ack, and something else stands there: it was rolled back to
    // before the ack, but not to before where we were, so nothing else tells us.
    outbox.resend(conversation, (frame, { seq }) => seq > from && seq <= to && !isHere(frame, seq))
    this.#older.takeIn(before.state, update.events)
    for (const event of update.events) if (event.type === "message") this.#typing.set(event.by, false)
  }

  /** What was acknowledged before this connection lies at or before the head, or it is gone. */
  #upToDate(head: number): void {
    const { conversation, outbox } = this.#options
    outbox.resend(conversation, (_frame, { seq, earlier }) => earlier && seq > head)
  }

  #onTyping({ by, on }: DownFrameOf<"typing">): void {
    const { user, device } = this.#writer
    if (by.device !== device || by.user !== user) this.#typing.set(by, on)
  }

  #onPresence({ by, on }: DownFrameOf<"presence">): void {
    if (!on) this.#typing.set(by, false)
    this.#present.tell(by, on)
  }

  /**
   * The node was out of touch with the store, which may be another than before: one that has lost what was acknowledged a moment ago,
   * and that nobody was shown. What the log has not shown is sent again; where it is stored that is no more than a question.
   */
  #onUnheard(): void {
    const { conversation, outbox } = this.#options
    const shown = this.#subscription.log.state.seq
    this.#present.doubt()
    outbox.resend(conversation, (_frame, { seq }) => seq > shown)
  }

  #onQueue({ run, position }: DownFrameOf<"queue">): void {
    this.#positions.tell(run, position)
    this.changed()
  }

  #subscriptionChanged(): void {
    if (this.#subscription.state.name === "live") this.#present.look()
    else this.#present.stop()
    this.changed()
  }

  /** Presence frames tell of changes only; this is what they change. */
  async #whoIsHere(): Promise<By[]> {
    const { requests, conversation } = this.#options
    const { members } = await requests.ask<"members">({ type: "members", conversation })
    return devicesOf(members)
  }

  #readPage(before: Seq | undefined, limit: number | undefined): Promise<ResultOf<"history">> {
    const { requests, conversation } = this.#options
    return requests.read<"history">({
      type: "history",
      conversation,
      ...(before === undefined ? {} : { before }),
      ...(limit === undefined ? {} : { limit }),
    })
  }

  #fresh(before: ConversationView | undefined): ConversationView {
    const { conversation, outbox } = this.#options
    const { cursor, state } = this.#subscription.log
    const subscription = this.#subscription.state
    const connection = this.#options.connection()
    const isDoubted = connection.name === "open" && connection.isDoubted
    const pending = pendingMessages(outbox.entries(conversation), state, { writer: this.#writer, isDoubted })
    if (!samePending(pending, this.#pending)) this.#pending = pending
    const unmoved = before?.state === state && this.#older.held === this.#viewed
    this.#viewed = this.#older.held
    const view: ConversationView = {
      conversation,
      status: statusOf(connection, subscription),
      error: subscription.name === "ended" ? subscription.error : undefined,
      cursor,
      state,
      messages: unmoved ? before.messages : this.#older.messages(),
      older: this.#older.more,
      pending: this.#pending,
      queue: before?.state.runs === state.runs ? before.queue : state.runs.filter(isInQueue),
      positions: this.#positions.of(state.runs),
      typing: this.#typing.list,
      present: this.#present.list,
    }
    return before && sameView(before, view) ? before : view
  }

  get #writer(): Writer {
    return { user: this.#options.user(), device: this.#options.device }
  }
}

function devicesOf(members: readonly MemberEntry[]): By[] {
  return members.flatMap(({ user, devices }) => devices.map((device) => ({ user, device })))
}
