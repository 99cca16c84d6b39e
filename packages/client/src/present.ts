/**
 * Who is here: asked for when the log is live, and kept by what presence frames tell from then on.
 *
 * An answer says how it was when the server looked. What frames told between the question and its answer is put on
 * top of it, or somebody who came meanwhile would be missing for good. A question that fails is asked again for as
 * long as it is of use: nothing else would ever put the list right.
 */
import type { By, Clock, Random, Timer } from "@everthread/protocol"
import { backoffMs } from "./backoff.ts"
import { RequestError } from "./errors.ts"
import { clientLimits } from "./limits.ts"
import { PeerSet } from "./peers.ts"

export interface PresentOptions {
  readonly clock: Clock
  readonly random: Random
  ask(): Promise<readonly By[]>
  changed(): void
}

/** A question that is under way, and what was told since it was asked. */
interface Question {
  readonly told: { readonly by: By; readonly on: boolean }[]
}

export class Present {
  readonly #options: PresentOptions
  readonly #peers = new PeerSet()
  #question: Question | undefined
  /** When it is asked again, where something may not have been told. */
  #doubted: Timer | undefined
  /** Over how long that is spread, and when it was asked for such a reason last. */
  #spreadMs = 0
  #doubtedAt = Number.NEGATIVE_INFINITY

  constructor(options: PresentOptions) {
    this.#options = options
  }

  get list(): readonly By[] {
    return this.#peers.list
  }

  /** The log is live: asks, instead of whatever was asked before. */
  look(): void {
    void this.#ask(1)
  }

  /**
   * What was told may not have come: asks soon, and not at the same moment as everybody who was told the same. Where that
   * comes again and again, a node loses its connection to the store as often, and it is asked less and less.
   */
  doubt(): void {
    if (this.#doubted) return
    const { clock, random } = this.#options
    const { presenceJitterMs, presenceJitterMaxMs } = clientLimits
    const isAgain = clock.monotonic() - this.#doubtedAt < presenceJitterMaxMs
    this.#spreadMs = isAgain ? Math.min(this.#spreadMs * 2, presenceJitterMaxMs) : presenceJitterMs
    this.#doubted = clock.startTimer(random.fraction() * this.#spreadMs, () => {
      this.#doubted = undefined
      this.#doubtedAt = clock.monotonic()
      this.look()
    })
  }

  /** Nobody waits for an answer any more. */
  stop(): void {
    this.#question = undefined
    if (this.#doubted) this.#options.clock.stopTimer(this.#doubted)
    this.#doubted = undefined
  }

  /** The connection is gone, and with it what it told. */
  clear(): void {
    this.stop()
    this.#peers.replace([])
  }

  tell(by: By, on: boolean): void {
    this.#question?.told.push({ by, on })
    if (this.#peers.set(by, on)) this.#options.changed()
  }

  async #ask(tries: number): Promise<void> {
    const question: Question = { told: [] }
    this.#question = question
    try {
      const here = await this.#options.ask()
      if (question === this.#question) this.#answered(here, question)
    } catch (error) {
      if (question === this.#question) this.#failed(error, question, tries)
    }
  }

  #answered(here: readonly By[], { told }: Question): void {
    this.#question = undefined
    this.#peers.replace(here)
    for (const { by, on } of told) this.#peers.set(by, on)
    this.#options.changed()
  }

  #failed(error: unknown, question: Question, tries: number): void {
    if (error instanceof RequestError && !error.error.retryable) return this.stop()
    const { clock, random } = this.#options
    clock.startTimer(backoffMs(tries, random.fraction()), () => {
      if (question === this.#question) void this.#ask(tries + 1)
    })
  }
}
