/**
 * Appends an owner's events one append after the other, under its fence. (SPEC RUN2)
 *
 * An append whose fate is unknown is repeated: the fence and its count make that harmless, the store answers
 * `duplicate`. Only its nonce is another one for each try: a store that has lost what devices have seen of the first
 * one may put the repeat behind other entries. (SPEC LOG2, LIN1) An append that the store refuses ends the ownership
 * for good: nothing is written after it.
 */
import type { AppendRequest, AppendResult, EventLog, Expectation, Fence, RunChange } from "@everthread/engine"
import type { Clock, Cursor, EventBody, Random } from "@everthread/protocol"
import { CountedNonces } from "./counted-nonces.ts"
import type { AgentObserver } from "./observer.ts"
import type { AgentOptions } from "./options.ts"
import { isPassing } from "./store-away.ts"
import { wait } from "./wait.ts"

/** This node is not the owner any more, or never was: whatever it still does is of no effect. */
export class OwnershipLostError extends Error {
  override readonly name = "OwnershipLostError"
}

export interface WriterParts {
  readonly log: EventLog
  readonly clock: Clock
  readonly random: Random
  readonly options: Pick<AgentOptions, "retryMs" | "retryMsMax">
  readonly observer?: Pick<AgentObserver, "appended" | "fenced"> | undefined
}

export interface AppendExtras {
  readonly runs?: readonly RunChange[]
  readonly expect?: Expectation
  /** Gives the conversation up behind this append. */
  readonly release?: boolean
}

/** Stores an append; something else may be stored in its step. Without bodies nothing is appended: only that is stored. */
export type StoreAppend = (request: AppendRequest) => Promise<Pick<AppendResult, "status">>

export class FencedWriter {
  readonly #parts: WriterParts
  readonly #conversation: string
  readonly #fence: Fence
  readonly #nonces: CountedNonces
  readonly #lost = new AbortController()
  #n = 0
  #hasReleased = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: WriterParts, conversation: string, fence: Fence) {
    this.#parts = parts
    this.#conversation = conversation
    this.#fence = fence
    this.#nonces = new CountedNonces(parts.random)
  }

  /** Whether an append has given the conversation up. */
  get hasReleased(): boolean {
    return this.#hasReleased
  }

  /** Aborted when the ownership is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /**
   * Like `append`, but only while the log's head is `after`: what was decided there still holds.
   * @returns whether they are stored; otherwise the log has moved on.
   */
  appendAfter(after: Cursor, bodies: readonly EventBody[], extras: AppendExtras = {}): Promise<boolean> {
    return this.#inTurn(() => this.#store(bodies, { ...extras, after }, this.#append))
  }

  /** Resolves when the events are stored; throws `OwnershipLostError` if they never will be. */
  async append(bodies: readonly EventBody[], extras: AppendExtras = {}, store?: StoreAppend): Promise<void> {
    await this.#inTurn(() => this.#store(bodies, extras, store ?? this.#append))
  }

  /** Nothing is written any more, and what waits to be repeated is given up. */
  giveUp(): void {
    this.#lost.abort()
  }

  readonly #append: StoreAppend = (request) => this.#parts.log.append(request)

  #inTurn<T>(store: () => Promise<T>): Promise<T> {
    const stored = this.#last.then(store)
    this.#last = stored.catch(() => undefined)
    return stored
  }

  /** @returns whether it is stored; otherwise the log has moved on from where it was to be. */
  async #store(
    bodies: readonly EventBody[],
    extras: AppendExtras & Pick<AppendRequest, "after">,
    store: StoreAppend,
  ): Promise<boolean> {
    const request = {
      ...extras,
      conversation: this.#conversation,
      bodies: bodies.map((body) => JSON.stringify(body)),
      fence: this.#fence,
      n: this.#n,
    }
    let delayMs = this.#parts.options.retryMs
    let outcome = await this.#try(request, store)
    for (; outcome === "again"; outcome = await this.#try(request, store)) {
      await wait(this.#parts.clock, delayMs, this.#lost.signal)
      delayMs = Math.min(delayMs * 2, this.#parts.options.retryMsMax)
    }
    if (outcome === "moved") return false
    if (bodies.length > 0) this.#n += 1
    this.#hasReleased ||= extras.release === true
    return true
  }

  async #try(request: Omit<AppendRequest, "nonce">, store: StoreAppend): Promise<"stored" | "moved" | "again"> {
    if (this.#lost.signal.aborted) throw new OwnershipLostError("the run is owned by another node")
    const { clock, observer } = this.#parts
    try {
      const askedAt = clock.monotonic()
      const { status } = await store({ ...request, nonce: this.#nonces.next() })
      observer?.appended((clock.monotonic() - askedAt) / 1_000)
      if (status === "appended" || status === "duplicate") return "stored"
      if (status === "moved") return "moved"
      if (status === "fenced") observer?.fenced()
      this.giveUp()
      throw new OwnershipLostError(`the store refused the append: ${status}`)
    } catch (error) {
      this.#nonces.startOver()
      if (isPassing(error)) return "again"
      this.giveUp()
      throw error
    }
  }
}
