/** A whole run: rounds, one store after the other, shown while they go on and summed up in one line at the end. */
import { join } from "node:path"
import type { Clock } from "@everthread/protocol"
import type { Finding } from "@everthread/sim"
import type { StoreKind } from "../deployment/deployment.ts"
import { nemeses } from "../nemesis/all.ts"
import { writeReport } from "../report/write-report.ts"
import type { ChaosOptions } from "./options.ts"
import { clockText, counted, plural, type Show } from "./show.ts"
import { StoreRun } from "./store-run.ts"

const roundSecondsMax = 60
const showEveryMs = 200
/** More are in the report. */
const shownMax = 20

export interface Circumstances {
  readonly clock: Clock
  readonly hasOwnNetwork: boolean
  /** Heals, and judges what there is. */
  readonly signal: AbortSignal
}

/** @returns whether nothing was found. */
export async function runChaos(options: ChaosOptions, show: Show, circumstances: Circumstances): Promise<boolean> {
  const runs = options.stores.map((kind) => storeRun(kind, options, circumstances))
  const rounds = Math.ceil(options.seconds / roundSecondsMax)
  for (let round = 0; round < rounds && !circumstances.signal.aborted; round++) {
    for (const run of runs) {
      if (circumstances.signal.aborted) break
      await showing(run, `round ${round + 1} of ${rounds}`, show, async () => {
        const findings = await run.play(options.seed + round, (options.seconds / rounds) * 1_000)
        report(findings, run.options.kind, options.seed + round, show)
      })
      if (runs.length > 1) await run.leave()
    }
  }
  for (const run of runs) await finish(run, show, circumstances.signal)
  return runs.every(({ findings }) => findings.length === 0)
}

function storeRun(kind: StoreKind, options: ChaosOptions, circumstances: Circumstances): StoreRun {
  const { seconds, seed, nodes, only, out, stores } = options
  const chosen = only.length === 0 ? nemeses : nemeses.filter(({ name }) => only.includes(name))
  const folder = out === undefined || stores.length === 1 ? out : join(out, kind)
  return new StoreRun({
    kind,
    nodes,
    nemeses: chosen,
    seed,
    seconds,
    folder,
    command: commandOf(kind, options),
    ...circumstances,
  })
}

function commandOf(kind: StoreKind, { seconds, seed, nodes, only }: ChaosOptions): string {
  const words = ["--seconds", seconds, "--seed", seed, "--store", kind, "--nodes", nodes]
  return ["npm run chaos --", ...words, ...(only.length === 0 ? [] : ["--only", only.join(",")])].join(" ")
}

async function showing(run: StoreRun, round: string, show: Show, play: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => show.progress(progressOf(run, round)), showEveryMs)
  try {
    await play()
  } finally {
    clearInterval(timer)
  }
}

function progressOf({ recorder, options, faults, wrong }: StoreRun, round: string): string {
  const parts = [
    `${clockText(recorder.nowMs)} ${options.kind}, ${round}`,
    plural(recorder.operations, "operation"),
    `${counted(recorder.acknowledged)} acknowledged`,
    plural(total(faults), "fault"),
  ]
  const now = [...wrong.values()].join(", ")
  return `${parts.join(", ")}${now === "" ? "" : `; now ${now}`}`
}

const total = (faults: ReadonlyMap<string, number>): number =>
  [...faults.values()].reduce((sum, count) => sum + count, 0)

function report(findings: readonly Finding[], kind: StoreKind, seed: number, show: Show): void {
  if (findings.length === 0) return
  show.line(`${kind}, seed ${seed}: ${plural(findings.length, "finding")}`)
  for (const { law, conversation, device, what } of findings.slice(0, shownMax)) {
    show.line(`  ${law}: ${[conversation, device, what].filter((word) => word).join(" ")}`)
  }
}

async function finish(run: StoreRun, show: Show, signal: AbortSignal): Promise<void> {
  await run.end(signal.aborted ? "it was interrupted" : undefined)
  show.line(summaryOf(run))
  const { folder } = run.options
  if (folder !== undefined && run.isBegun) show.line(`What was recorded, to look at: ${await writeReport(folder)}`)
}

function summaryOf({ options, recorder, rounds, faults, takeovers, findings, counts }: StoreRun): string {
  const byName = [...faults]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, count]) => `${name} ${count}`)
  return [
    `${options.kind}: seed ${options.seed}, ${plural(rounds, "round")}`,
    `${plural(recorder.operations, "operation")}, ${counted(recorder.acknowledged)} acknowledged`,
    `${plural(total(faults), "fault")}${byName.length === 0 ? "" : ` (${byName.join(", ")})`}`,
    `${plural(counts.runs, "run")} in ${plural(counts.attempts, "attempt")}, ${plural(takeovers, "takeover")}`,
    plural(findings.length, "finding"),
  ].join("; ")
}
