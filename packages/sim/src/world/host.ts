/**
 * A process, as far as time goes: its own clocks and timers, and everything that reaches it.
 *
 * One that is paused does nothing; what would have happened meanwhile happens when it goes on, in its order, as with a
 * process that was stopped. One that is dead does nothing any more, whatever is still under way to it.
 */
import type { Clock, Random, Timer } from "@everthread/protocol"
import type { Scheduled, Scheduler } from "./scheduler.ts"

/** The moment at which every simulation begins, in milliseconds since 1970. */
const beginning = 1_750_000_000_000

type State = "running" | "paused" | "dead"

export class Host {
  readonly name: string
  readonly random: Random
  readonly clock: Clock
  readonly #scheduler: Scheduler
  readonly #bornMs: number
  #wallOffsetMs = 0
  #state: State = "running"
  #backlog: (() => void)[] = []

  constructor(name: string, scheduler: Scheduler, random: Random) {
    this.name = name
    this.random = random
    this.#scheduler = scheduler
    this.#bornMs = scheduler.nowMs
    this.clock = {
      now: () => Math.floor(beginning + scheduler.nowMs + this.#wallOffsetMs),
      monotonic: () => scheduler.nowMs - this.#bornMs,
      startTimer: (delayMs, run) => this.after(delayMs, run) as unknown as Timer,
      stopTimer: (timer) => {
        const scheduled = timer as unknown as Scheduled
        scheduled.run = undefined
      },
      endOfTick: (run) => void this.after(0, run),
    }
  }

  get isDead(): boolean {
    return this.#state === "dead"
  }

  get isRunning(): boolean {
    return this.#state === "running"
  }

  after(delayMs: number, run: () => void): Scheduled {
    const scheduled = this.#scheduler.after(delayMs, () => this.#reach(run))
    return scheduled
  }

  #reach(run: () => void): void {
    if (this.#state === "running") run()
    else if (this.#state === "paused") this.#backlog.push(run)
  }

  pause(): void {
    if (this.#state === "running") this.#state = "paused"
  }

  resume(): void {
    if (this.#state !== "paused") return
    this.#state = "running"
    const backlog = this.#backlog
    this.#backlog = []
    for (const run of backlog) this.after(0, run)
  }

  die(): void {
    this.#state = "dead"
    this.#backlog = []
  }

  /** Its wall clock jumps, ahead or back; the one to measure with does not. */
  jump(byMs: number): void {
    this.#wallOffsetMs += byMs
  }
}
