/**
 * Plays the faults of a round: several at a time, each begun when the plan says and something that it can hit is free, and healed
 * when its time or the round is over. Whatever happens, everything is healed before this resolves.
 */
import { setTimeout as pause } from "node:timers/promises"
import type { Clock } from "@everthread/protocol"
import { streamOf } from "@everthread/sim"
import type { Deployment } from "../deployment/deployment.ts"
import type { Harm } from "../nemesis/nemesis.ts"
import type { FaultLine } from "../record/record.ts"
import type { PlannedFault } from "./plan-faults.ts"

/** More at once and nothing would be left to see. */
const harmsMax = 3
const lookEveryMs = 100

export interface Wreaking {
  readonly deployment: Deployment
  readonly seed: number
  readonly planned: readonly PlannedFault[]
  readonly ms: number
  readonly clock: Clock
  /** Ends the round early. */
  readonly signal: AbortSignal
  /** What is wrong from now on. */
  began(name: string, harm: Harm): void
  ended(fault: Pick<FaultLine, "nemesis" | "target" | "what">, harm: Harm): void
  /** A nemesis that could not do or mend what it is for. */
  failed(name: string, error: unknown): void
}

export async function wreak(wreaking: Wreaking): Promise<void> {
  const round = new Round(wreaking)
  await Promise.all(wreaking.planned.map((fault, index) => round.play(fault, index)))
  await round.over()
}

class Round {
  readonly #wreaking: Wreaking
  readonly #beganMs: number
  /** Begun, or being begun. */
  #harms = 0

  constructor(wreaking: Wreaking) {
    this.#wreaking = wreaking
    this.#beganMs = wreaking.clock.monotonic()
  }

  async play({ nemesis, atMs, lastsMs }: PlannedFault, index: number): Promise<void> {
    const { began, ended, failed } = this.#wreaking
    const { name } = nemesis
    await this.#lasts(atMs)
    const harm = await this.#begin(nemesis, index).catch((error: unknown) => failed(name, error))
    if (!harm) return
    began(name, harm)
    await this.#lasts(this.#nowMs + lastsMs)
    await harm.heal().catch((error: unknown) => failed(name, error))
    this.#harms -= 1
    ended({ nemesis: name, target: harm.target, what: harm.what }, harm)
  }

  over(): Promise<void> {
    return this.#lasts(this.#wreaking.ms)
  }

  get #nowMs(): number {
    return this.#wreaking.clock.monotonic() - this.#beganMs
  }

  get #isOver(): boolean {
    return this.#wreaking.signal.aborted || this.#nowMs >= this.#wreaking.ms
  }

  /** @returns nothing where there was nothing to hit for as long as the round has gone on. */
  async #begin(nemesis: PlannedFault["nemesis"], index: number): Promise<Harm | undefined> {
    const { deployment, seed } = this.#wreaking
    const random = streamOf(seed, `${index} ${nemesis.name}`)
    for (; !this.#isOver; await pause(lookEveryMs)) {
      if (this.#harms >= harmsMax) continue
      this.#harms += 1
      const harm = await nemesis.begin(deployment, random).catch((error: unknown) => {
        this.#harms -= 1
        throw error
      })
      if (harm) return harm
      this.#harms -= 1
    }
    return undefined
  }

  async #lasts(untilMs: number): Promise<void> {
    while (!this.#isOver && this.#nowMs < untilMs) await pause(Math.min(lookEveryMs, untilMs - this.#nowMs))
  }
}
