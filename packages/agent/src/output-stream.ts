/**
 * Brings a run's output to the log: the first words of a block at once, the following joined by time and size.
 *
 * What follows waits for the next beat, a window away at most, so that many runs write together.
 * One append is under way at a time; what comes meanwhile waits and goes with the next one. That a message begins or
 * ends waits for what comes next, as text does; whatever else is no delta goes out as soon as it can and takes along
 * what waits before it. What waits is bounded by its
 * reader: `room()` resolves when there is room again.
 */
import type { Clock, EventBody } from "@everthread/protocol"
import type { Beat } from "./beat.ts"
import { DeltaJoiner } from "./delta-joiner.ts"
import { type FencedWriter, OwnershipLostError, type StoreAppend } from "./fenced-writer.ts"
import type { AgentOptions } from "./options.ts"

type Options = Pick<AgentOptions, "deltaWindowMs" | "deltaCharsMax" | "waitingCharsMax">

export class OutputStream {
  readonly #writer: Pick<FencedWriter, "append" | "lost">
  readonly #clock: Clock
  readonly #beat: Beat
  readonly #options: Options
  readonly #joiner = new DeltaJoiner()
  #writing: Promise<void> | undefined
  /** Takes back what the next beat is to do. */
  #unwait: (() => void) | undefined
  #lastWriteMs = Number.NEGATIVE_INFINITY
  #failure: unknown

  /** @param beat every `deltaWindowMs`. */
  constructor(writer: Pick<FencedWriter, "append" | "lost">, clock: Clock, beat: Beat, options: Options) {
    this.#writer = writer
    this.#clock = clock
    this.#beat = beat
    this.#options = options
  }

  add(bodies: readonly EventBody[]): void {
    for (const body of bodies) this.#joiner.add(body)
    this.#writeIfDue()
  }

  /** Whether little enough waits for more to be read. */
  get hasRoom(): boolean {
    return this.#joiner.chars <= this.#options.waitingCharsMax || this.#failure !== undefined
  }

  /** Resolves when there is room. */
  async room(): Promise<void> {
    while (!this.hasRoom) await this.#writeNow()
  }

  /** Resolves when everything that was added is stored; throws if it cannot be. */
  async flushed(): Promise<void> {
    while (this.#failure === undefined && (this.#writing || !this.#joiner.isEmpty)) await this.#writeNow()
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Stores everything that was added and `bodies` behind it, in one append; throws if it cannot be. */
  async append(bodies: readonly EventBody[], store?: StoreAppend): Promise<void> {
    while (this.#writing && this.#failure === undefined) await this.#writing
    if (this.#failure === undefined) {
      for (const body of bodies) this.#joiner.add(body)
      await this.#writeNow(store)
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  #writeIfDue(): void {
    if (this.#writing || this.#joiner.isEmpty || this.#failure !== undefined) return
    if (this.#isDue()) void this.#writeNow()
    else this.#unwait ??= this.#beat.next(() => this.#closeWindow())
  }

  #isDue(): boolean {
    const { deltaWindowMs, deltaCharsMax } = this.#options
    if (deltaWindowMs === 0 || this.#joiner.isUrgent || this.#joiner.chars >= deltaCharsMax) return true
    return this.#joiner.chars > 0 && this.#clock.monotonic() - this.#lastWriteMs >= deltaWindowMs
  }

  #closeWindow(): void {
    this.#unwait = undefined
    if (!this.#writing && !this.#joiner.isEmpty) void this.#writeNow()
  }

  /** Never rejects: a failure is kept for whoever asks. */
  #writeNow(store?: StoreAppend): Promise<void> {
    this.#writing ??= this.#write(store).finally(() => {
      this.#writing = undefined
      this.#writeIfDue()
    })
    return this.#writing
  }

  async #write(store: StoreAppend | undefined): Promise<void> {
    this.#unwait?.()
    this.#unwait = undefined
    this.#lastWriteMs = this.#clock.monotonic()
    try {
      if (store || !this.#joiner.isEmpty) await this.#writer.append(this.#joiner.take(), {}, store)
    } catch (error) {
      this.#failure = error ?? new OwnershipLostError()
    }
  }
}
