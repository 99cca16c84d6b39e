/**
 * Appends an owner's events one append after the other, under its fence. (SPEC RUN2)
 *
 * An append whose fate is unknown is repeated: the fence and its count make that harmless, the store answers
 * `duplicate`. Only its nonce is another one for each try: a store that has lost what devices have seen of the first
 * one may put the repeat behind other entries. (SPEC LOG2, LIN1) An append that the store refuses ends the ownership
 * for good: nothing is written after it.
 */
import type { AppendRequest, AppendResult, EventLog, Expectation, Fence, RunChange } from "@everthread/engine"
import type { Clock, EventBody, Random } from "@everthread/protocol"
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
  #last: Promise<unknown> = Promise.resolve()

  constructor(parts: WriterParts, conversation: string, fence: Fence) {
    this.#parts = parts
    this.#conversation = conversation
    this.#fence = fence
    this.#nonces = new CountedNonces(parts.random)
  }

  /** Aborted when the ownership is lost. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Resolves when the events are stored; throws `OwnershipLostError` if they never will be. */
  append(bodies: readonly EventBody[], extras: AppendExtras = {}, store?: StoreAppend): Promise<void> {
    const stored = this.#last.then(() => this.#store(bodies, extras, store ?? this.#append))
    this.#last = stored.catch(() => undefined)
    return stored
  }

  /** Nothing is written any more, and what waits to be repeated is given up. */
  giveUp(): void {
    this.#lost.abort()
  }

  readonly #append: StoreAppend = (request) => this.#parts.log.append(request)

  async #store(bodies: readonly EventBody[], extras: AppendExtras, store: StoreAppend): Promise<void> {
    const request = {
      ...extras,
      conversation: this.#conversation,
      bodies: bodies.map((body) => JSON.stringify(body)),
      fence: this.#fence,
      n: this.#n,
    }
    let delayMs = this.#parts.options.retryMs
    while (!(await this.#try(request, store))) {
      await wait(this.#parts.clock, delayMs, this.#lost.signal)
      delayMs = Math.min(delayMs * 2, this.#parts.options.retryMsMax)
    }
    if (bodies.length > 0) this.#n += 1
  }

  /** @returns whether it is stored; `false`: try again. */
  async #try(request: Omit<AppendRequest, "nonce">, store: StoreAppend): Promise<boolean> {
    if (this.#lost.signal.aborted) throw new OwnershipLostError("the run is owned by another node")
    const { clock, observer } = this.#parts
    try {
      const askedAt = clock.monotonic()
      const { status } = await store({ ...request, nonce: this.#nonces.next() })
      observer?.appended((clock.monotonic() - askedAt) / 1_000)
      if (status === "appended" || status === "duplicate") return true
      if (status === "fenced") observer?.fenced()
      this.giveUp()
      throw new OwnershipLostError(`the store refused the append: ${status}`)
    } catch (error) {
      this.#nonces.startOver()
      if (isPassing(error)) return false
      this.giveUp()
      throw error
    }
  }
}
