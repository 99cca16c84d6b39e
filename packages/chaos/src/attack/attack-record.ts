/** What is known of an attack while it goes on: its record, how often what went wrong, what is wrong now, and what was found. */
import type { Finding } from "@everthread/sim"
import type { Harm } from "../nemesis/nemesis.ts"
import { type Counts, countsOf } from "../people/counts.ts"
import type { Device } from "../people/device.ts"
import { Recorder } from "../record/recorder.ts"
import type { AttackOptions, Progress } from "./attack-options.ts"
import type { Judged } from "./judge.ts"
import type { Party } from "./party.ts"
import type { FitTroubles } from "./troubles.ts"

export class AttackRecord {
  readonly recorder: Recorder
  readonly findings: Finding[] = []
  readonly faults = new Map<string, number>()
  readonly #options: AttackOptions
  readonly #wrong = new Map<Harm, string>()

  constructor(options: AttackOptions) {
    this.#options = options
    this.recorder = new Recorder(options.clock, options.folder)
  }

  get progress(): Progress {
    const { nowMs: ms, operations, acknowledged } = this.recorder
    const faults = [...this.faults.values()].reduce((sum, count) => sum + count, 0)
    return { ms, operations, acknowledged, faults, wrong: [...this.#wrong.values()] }
  }

  begun({ devices, conversations }: Party, nodes: readonly string[], { fit, leftOut }: FitTroubles): void {
    const { command, seed, seconds, clock } = this.#options
    this.recorder.note({
      type: "run",
      beganAt: new Date(clock.now()).toISOString(),
      command,
      seed,
      store: "theirs",
      seconds,
      nodes,
      devices: devices.map(({ name }) => name),
      conversations,
      nemeses: fit.map(({ name, about }) => ({ name, about })),
      leftOut,
    })
  }

  /** @returns to be called when it is healed. */
  faultBegan(name: string, harm: Harm): () => void {
    const fromMs = this.recorder.nowMs
    this.faults.set(name, (this.faults.get(name) ?? 0) + 1)
    this.#wrong.set(harm, `${name} ${harm.target}`)
    return () => {
      this.#wrong.delete(harm)
      const { target, what } = harm
      this.recorder.note({ type: "fault", nemesis: name, target, what, fromMs, toMs: this.recorder.nowMs })
    }
  }

  faultFailed(name: string, error: unknown): void {
    const what = `${name}: ${error instanceof Error ? error.message : String(error)}`
    this.findings.push({ law: "nemesis", conversation: "", what })
  }

  /** Notes which node a device is on whenever that changes. @returns ends it. */
  watch(device: Device): () => void {
    let before: string | undefined
    return device.client.onState(() => {
      const { node, name } = device
      const state = node === undefined ? "away" : "live"
      if (before === `${state} ${node}`) return
      before = `${state} ${node}`
      const at = { type: "state", of: "device", name, state, atMs: this.recorder.nowMs } as const
      this.recorder.note(node === undefined ? at : { ...at, node })
    })
  }

  /** Nothing may be noted afterwards. @returns what it all came to. */
  async close({ histories, findings }: Judged): Promise<Counts> {
    this.recorder.giveUp()
    for (const history of histories) this.recorder.note({ type: "history", history })
    this.findings.push(...findings)
    for (const finding of this.findings) this.recorder.note({ type: "finding", finding })
    const counts = countsOf(histories)
    this.#noteEnd(counts)
    await this.recorder.close()
    return counts
  }

  #noteEnd(counts: Counts): void {
    const why = this.#options.signal.aborted ? { error: "it was interrupted" } : {}
    this.recorder.note({ type: "end", ms: this.recorder.nowMs, counts, findings: this.findings.length, ...why })
  }
}
