/** All rounds on one store: what stands for them, what is recorded of them, and what they come to. */
import type { Clock } from "@everthread/protocol"
import type { Finding } from "@everthread/sim"
import type { Deployment, StoreKind } from "../deployment/deployment.ts"
import { Stand } from "../deployment/stand.ts"
import type { Harm, Nemesis } from "../nemesis/nemesis.ts"
import { type Counts, countsOf, noCounts, sumOf } from "../people/counts.ts"
import type { FaultLine } from "../record/record.ts"
import { Recorder } from "../record/recorder.ts"
import { withoutFrames } from "../record/without-frames.ts"
import { takeoversIn } from "../report/takeovers.ts"
import { notJudged, playRound, type RoundOutcome } from "./round.ts"

export interface StoreRunOptions {
  readonly kind: StoreKind
  readonly nodes: number
  readonly nemeses: readonly Nemesis[]
  readonly hasOwnNetwork: boolean
  readonly seed: number
  /** In all rounds. */
  readonly seconds: number
  /** Without one nothing is written. */
  readonly folder: string | undefined
  readonly command: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Small enough for a finding to be known early, and for a history to be judged in seconds. */
const size = { devices: 6, conversations: 3 }

export class StoreRun {
  readonly options: StoreRunOptions
  readonly recorder: Recorder
  readonly findings: Finding[] = []
  readonly faults = new Map<string, number>()
  /** What is wrong at the moment. */
  readonly wrong = new Map<Harm, string>()
  rounds = 0
  takeovers = 0
  /** Whether everything stood and everybody was there at least once: from then on there is something to look at. */
  isBegun = false
  counts: Counts = noCounts
  #stand: Stand | undefined

  constructor(options: StoreRunOptions) {
    this.options = options
    this.recorder = new Recorder(options.clock, options.folder)
  }

  /** @returns what the round found; a deployment that could not be brought up or judged is a finding, too. */
  async play(seed: number, ms: number): Promise<readonly Finding[]> {
    const outcome = await this.#round(seed, ms).catch(notJudged)
    this.#take(outcome)
    // What has not come to rest would be what the next round begins with.
    if (outcome.findings.length > 0) await this.leave()
    return outcome.findings
  }

  /** Ends what stands. The next round begins anew. */
  async leave(): Promise<void> {
    const stand = this.#stand
    this.#stand = undefined
    await stand?.stop()
  }

  /** @param error why it could not be played to its end. */
  async end(error: string | undefined): Promise<void> {
    await this.leave()
    const { recorder, counts, findings } = this
    const why = error === undefined ? {} : { error }
    recorder.note({ type: "end", ms: recorder.nowMs, counts, findings: findings.length, ...why })
    await recorder.close()
  }

  async #round(seed: number, ms: number): Promise<RoundOutcome> {
    const { kind, nodes, hasOwnNetwork, nemeses, clock, signal } = this.options
    this.#stand ??= await Stand.start({ kind, nodes, hasOwnNetwork })
    const began = (deployment: Deployment) => this.#begin(deployment)
    const plan = { seed, ms, size, nemeses, clock, signal, began, ...this.#faultsTold() }
    return playRound(this.#stand, plan, this.recorder)
  }

  #faultsTold() {
    return {
      faultBegan: (name: string, harm: Harm) => {
        this.faults.set(name, (this.faults.get(name) ?? 0) + 1)
        this.wrong.set(harm, `${name} ${harm.target}`)
      },
      faultEnded: (fault: FaultLine, harm: Harm) => {
        this.wrong.delete(harm)
        this.recorder.note(fault)
      },
    }
  }

  #take({ histories, findings }: RoundOutcome): void {
    this.rounds += 1
    const found = new Set(findings.map(({ conversation }) => conversation))
    for (const one of histories) {
      const history = found.has(one.conversation) ? one : withoutFrames(one)
      this.recorder.note({ type: "history", history })
    }
    for (const finding of findings) this.recorder.note({ type: "finding", finding })
    this.findings.push(...findings)
    this.takeovers += histories.reduce((sum, history) => sum + takeoversIn(history), 0)
    if (histories.length > 0) this.counts = sumOf(this.counts, countsOf(histories))
  }

  #begin(deployment: Deployment): void {
    if (this.isBegun) return
    this.isBegun = true
    const { nemeses, command, seed, kind, seconds } = this.options
    const judged = nemeses.map((nemesis) => ({ ...nemesis, why: nemesis.unfit(deployment) }))
    this.recorder.note({
      type: "run",
      beganAt: new Date(this.options.clock.now()).toISOString(),
      command,
      seed,
      store: kind,
      seconds,
      nodes: deployment.nodes.map(({ name }) => name),
      devices: deployment.crowd.names,
      conversations: deployment.crowd.conversations,
      nemeses: judged.flatMap(({ name, about, why }) => (why === undefined ? [{ name, about }] : [])),
      leftOut: judged.flatMap(({ name, why }) => (why === undefined ? [] : [{ name, why }])),
    })
  }
}
