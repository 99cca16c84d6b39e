/** Runs the parts of a bench one after the other, prints each, and writes what they come to. */
import type { Bench } from "./bench.ts"
import { machineNow, textOfMachine } from "./machine.ts"
import { keepJson, keepPlots } from "./report/keep.ts"
import type { Report } from "./report/overview.ts"
import { linesOf } from "./report/print-table.ts"
import type { Section } from "./report/section.ts"

export interface Outputs {
  /** The file for the figures. */
  readonly json: string | undefined
  /** The folder for the plots. */
  readonly plots: string | undefined
  /** Names of parts; none: all. */
  readonly only: readonly string[]
}

export type Parts = Readonly<Record<string, (bench: Bench) => Promise<Section>>>

const secondMs = 1_000

export async function runBench(parts: Parts, bench: Bench, { json, plots, only }: Outputs): Promise<Section[]> {
  const before = machineNow()
  console.log(textOfMachine(before))
  const sections: Section[] = []
  for (const [name, part] of Object.entries(parts)) {
    if (only.length > 0 && !only.includes(name)) continue
    const startedAt = bench.clock.monotonic()
    const measured = await part(bench).catch((error: unknown) => failed(name, error))
    const seconds = Math.round((bench.clock.monotonic() - startedAt) / secondMs)
    bench.say("")
    print(measured, seconds)
    sections.push({ ...measured, seconds })
  }
  const report: Report = { machine: before, loadAfter: machineNow().load, isQuick: bench.isQuick, sections }
  if (json !== undefined) keepJson(json, report)
  if (plots !== undefined) keepPlots(plots, report)
  return sections
}

/** A part that could not be measured misses its target, and the others are measured all the same. */
function failed(name: string, error: unknown): Section {
  const why = error instanceof Error ? error.message : String(error)
  const targets = [{ name: `${name} can be measured`, value: Number.NaN, max: 0, unit: "" }]
  return { name, title: `${name}: could not be measured`, tables: [], notes: [why], targets, plots: [] }
}

function print({ name, title, tables, notes }: Section, seconds: number): void {
  console.log(`\n== ${title}  [${name}, ${seconds} s]\n`)
  for (const table of tables) console.log(`${linesOf(table).join("\n")}\n`)
  for (const note of notes) console.log(`  ${note}`)
}
