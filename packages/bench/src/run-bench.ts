/** Runs the parts of a bench one after the other, prints each, and says what they come to. */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Bench } from "./bench.ts"
import { type Machine, machineNow, textOfMachine } from "./machine.ts"
import { svgOf } from "./report/plot-svg.ts"
import { linesOf } from "./report/print-table.ts"
import { isMet, type Section, textOfTarget } from "./report/section.ts"

export interface Outputs {
  readonly json: string | undefined
  readonly plots: string | undefined
  /** Names of parts; none: all. */
  readonly only: readonly string[]
}

export type Parts = Readonly<Record<string, (bench: Bench) => Promise<Section>>>

/** @returns whether every target was met. */
export async function runBench(parts: Parts, bench: Bench, { json, plots, only }: Outputs): Promise<boolean> {
  const unknown = only.find((name) => !(name in parts))
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}; there are ${Object.keys(parts).join(", ")}`)
  const machine = machineNow()
  console.log(textOfMachine(machine))
  const sections: Section[] = []
  for (const [name, part] of Object.entries(parts)) {
    if (only.length > 0 && !only.includes(name)) continue
    const section = await part(bench).catch((error: unknown) => failed(name, error))
    bench.say("")
    print(section)
    sections.push(section)
  }
  if (json !== undefined) writeJson(json, machine, sections)
  if (plots !== undefined) writePlots(plots, sections)
  return conclude(sections)
}

/** A part that could not be measured misses its target, and the others are measured all the same. */
function failed(name: string, error: unknown): Section {
  const why = error instanceof Error ? error.message : String(error)
  const targets = [{ name: `${name} can be measured`, value: Number.NaN, max: 0, unit: "" }]
  return { name, title: `${name}: could not be measured`, tables: [], notes: [why], targets, plots: [] }
}

function print({ title, tables, notes }: Section): void {
  console.log(`\n== ${title}\n`)
  for (const table of tables) console.log(`${linesOf(table).join("\n")}\n`)
  for (const note of notes) console.log(`  ${note}`)
}

function writeJson(file: string, machine: Machine, sections: readonly Section[]): void {
  writeFileSync(file, `${JSON.stringify({ machine, loadAfter: machineNow().load, sections }, undefined, 2)}\n`)
}

function writePlots(folder: string, sections: readonly Section[]): void {
  mkdirSync(folder, { recursive: true })
  for (const plot of sections.flatMap((section) => section.plots)) {
    writeFileSync(join(folder, `${plot.name}.svg`), svgOf(plot))
  }
}

function conclude(sections: readonly Section[]): boolean {
  const targets = sections.flatMap((section) => section.targets)
  console.log(`\n== Targets (load now ${machineNow().load.join(", ")})\n`)
  for (const target of targets) console.log(`  ${textOfTarget(target)}`)
  const missed = targets.filter((target) => !isMet(target))
  const ratios = targets.map(({ value, max, unit }) => `${value.toFixed(2)}${unit}/${max}${unit}`).join(" · ")
  console.log(`\n${missed.length === 0 ? "all met" : `${missed.length} of ${targets.length} missed`}: ${ratios}`)
  return missed.length === 0
}
