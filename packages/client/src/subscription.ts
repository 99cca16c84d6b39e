/**
 * Follows one conversation's log over whatever connections there are, as its own small state machine.
 *
 * It asks from where the local log is, applies what connects, and asks again when something does not.
 * A repeat of the question waits a little longer each time until something was applied, so that no
 * server, however wrong, is asked in a tight loop. Where it is does not change while it is offline:
 * the next connection goes on from there, on whatever node. (SPEC SUB2)
 */
import type { Clock, Cursor, DownFrameOf, LogEvent, Random, SnapshotReason, Timer } from "@everthread/protocol"
import { backoffMs, retryAfterJitterMs } from "./backoff.ts"
import { DeadlineExceeded, RequestError } from "./errors.ts"
import type { ReceivedError, SubscriptionFrame } from "./frames.ts"
import { emptyLog, follow, holds, type LocalLog, replace } from "./local-log.ts"

export type SubscriptionState =
  /** No connection. */
  | { readonly name: "offline" }
  /** The question is on its way: what does not connect now may still be of an older one. */
  | { readonly name: "asking" }
  | { readonly name: "catching-up" }
  | { readonly name: "live" }
  /** To ask again. */
  | { readonly name: "waiting"; readonly timer: Timer }
  /** The server does not let us follow this conversation; without an error, we do not want to. */
  | { readonly name: "ended"; readonly error: ReceivedError | undefined }

/** A change of the local log, as it happened. */
export type LogUpdate =
  | {
      readonly type: "events"
      readonly prev: Cursor
      readonly cursor: Cursor
      readonly events: readonly LogEvent[]
    }
  | { readonly type: "snapshot"; readonly reason: SnapshotReason; readonly cursor: Cursor }

export interface SubscriptionOptions {
  readonly clock: Clock
  readonly random: Random
  /**
   * Asks the server to send everything after `cursor`, or a snapshot first.
   * @param answered is called when the answer comes, before any frame that follows it.
   */
  ask(cursor: Cursor | undefined, answered: () => void): Promise<unknown>
  /** The log has moved: what it was, what it is. */
  updated(update: LogUpdate, before: LocalLog): void
  /** Everything that was stored when the question was asked is here; the log's head was at `cursor`. */
  upToDate(cursor: Cursor): void
  /** The state has changed. */
  changed(): void
}

export class Subscription {
  readonly #options: SubscriptionOptions
  #log: LocalLog = emptyLog
  #state: SubscriptionState = { name: "offline" }
  /** Questions since something was last applied. */
  #asked = 0
  /** Rises with every question and loss: an answer to an older one means nothing. */
  #generation = 0

  constructor(options: SubscriptionOptions) {
    this.#options = options
  }

  get log(): LocalLog {
    return this.#log
  }

  get state(): SubscriptionState {
    return this.#state
  }

  opened(): void {
    this.#asked = 0
    if (this.#state.name === "offline") this.#ask()
  }

  lost(): void {
    if (this.#state.name !== "ended") this.#move({ name: "offline" })
  }

  /** Asks again though the server had said no: something has changed. */
  reopen(): void {
    if (this.#state.name === "ended") this.#ask()
  }

  /** Follows no more. */
  close(): void {
    this.#move({ name: "ended", error: undefined })
  }

  received(frame: SubscriptionFrame): void {
    if (this.#state.name === "ended") return
    this.#handlers[frame.type](frame as never)
  }

  readonly #handlers: { readonly [T in SubscriptionFrame["type"]]: (frame: DownFrameOf<T>) => void } = {
    events: (frame) => this.#onEvents(frame),
    snapshot: (frame) => this.#onSnapshot(frame),
    upToDate: (frame) => this.#onUpToDate(frame),
    unsubscribed: (frame) => this.#onRefused(frame.error),
  }

  #onEvents(frame: DownFrameOf<"events">): void {
    const before = this.#log
    const followed = follow(before, frame)
    if (followed.outcome === "gap") this.#onGap()
    if (followed.outcome !== "applied") return
    this.#log = followed.log
    this.#asked = 0
    this.#options.updated({ type: "events", prev: frame.prev, cursor: frame.cursor, events: frame.events }, before)
  }

  #onSnapshot(frame: DownFrameOf<"snapshot">): void {
    const before = this.#log
    this.#log = replace(frame)
    this.#asked = 0
    this.#options.updated({ type: "snapshot", reason: frame.reason, cursor: frame.cursor }, before)
  }

  #onUpToDate(frame: DownFrameOf<"upToDate">): void {
    if (this.#state.name !== "catching-up") return
    if (!holds(this.#log, frame.cursor)) {
      this.#onGap()
      return
    }
    this.#options.upToDate(frame.cursor)
    this.#move({ name: "live" })
  }

  #onGap(): void {
    if (this.#state.name === "catching-up" || this.#state.name === "live") this.#askAgain(undefined)
  }

  #onRefused(error: ReceivedError): void {
    if (this.#state.name === "offline") return
    if (error.retryable) this.#askAgain(error.retryAfterMs)
    else this.#move({ name: "ended", error })
  }

  /** At once the first time; then with a longer and longer wait. */
  #askAgain(retryAfterMs: number | undefined): void {
    if (this.#asked <= 1 && retryAfterMs === undefined) this.#ask()
    else this.#move({ name: "waiting", timer: this.#startTimer(retryAfterMs) })
  }

  #startTimer(retryAfterMs: number | undefined): Timer {
    const { clock, random } = this.#options
    const fraction = random.fraction()
    const delayMs =
      retryAfterMs === undefined ? backoffMs(this.#asked, fraction) : retryAfterJitterMs(retryAfterMs, fraction)
    return clock.startTimer(delayMs, () => this.#ask())
  }

  #ask(): void {
    this.#asked += 1
    this.#move({ name: "asking" })
    const generation = this.#generation
    const ifCurrent = (run: () => void) => {
      if (generation === this.#generation) run()
    }
    this.#options
      .ask(this.#log.cursor, () => ifCurrent(() => this.#answered()))
      .catch((error: unknown) => ifCurrent(() => this.#refused(error)))
  }

  /** What comes now is of this question. */
  #answered(): void {
    if (this.#state.name === "asking") this.#move({ name: "catching-up" })
  }

  #refused(error: unknown): void {
    if (error instanceof RequestError) this.#onRefused(error.error)
    // No answer in time: the connection may be fine all the same. Without one, `opened` asks again.
    else if (error instanceof DeadlineExceeded) this.#askAgain(undefined)
    else this.#move({ name: "offline" })
  }

  #move(state: SubscriptionState): void {
    if (this.#state.name === "waiting") this.#options.clock.stopTimer(this.#state.timer)
    // From `live` back to a question, or to nothing, whatever is still under way has lost its meaning.
    if (state.name !== "live" && state.name !== "catching-up") this.#generation += 1
    this.#state = state
    this.#options.changed()
  }
}
