/**
 * The tables of a page in words, written anew from the figures beside it. A page says where one belongs by a comment,
 * `<!-- figures: PART -->` or `<!-- figures: PART 2 -->` for a part's second table, `<!-- targets -->` for what the
 * figures are held to, and `<!-- machine -->` for what they were measured on. What stands below such a comment, up to the next empty line, is replaced.
 */
import type { Machine } from "../machine.ts"
import type { Report } from "./overview.ts"
import { isMet, shownBound, shownValue, type Target } from "./section.ts"

const marked = /^<!-- (?<what>figures|targets|machine)(?:: (?<part>\S+)(?: (?<at>\d+))?)? -->$/u

/** @returns the page with all its tables as the figures have them. @throws where it asks for one that is not there. */
export function withFigures(page: string, report: Report): string {
  const lines: string[] = []
  let isOld = false
  for (const line of page.split("\n")) {
    const groups = marked.exec(line)?.groups
    if (groups) {
      lines.push(line, ...figuresOf(report, groups))
      isOld = true
      continue
    }
    isOld &&= line !== ""
    if (!isOld) lines.push(line)
  }
  return lines.join("\n")
}

/** The machine, and who else was on it. */
export function placeOf({ machine, loadAfter, isQuick }: Report): string {
  return `${textOf(machine)}; load over the last minute ${machine.load[0]} before and ${loadAfter[0]} after.${
    isQuick ? " Of a quick run." : ""
  }`
}

const textOf = ({ cpu, cores, memoryGb, kernel, node, redis }: Machine) =>
  `${cpu}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}; Node ${node.replace("v", "")}, Redis ${redis}`

function figuresOf(
  report: Report,
  { what, part = "", at = "1" }: Readonly<Record<string, string | undefined>>,
): string[] {
  if (what === "machine") return [`Measured on: ${placeOf(report)}`]
  return what === "targets" ? targetLines(report) : tableLines(report, part, at)
}

const targetLines = ({ sections }: Report) => [
  "| target | measured | wanted | |",
  "|---|---:|---:|---|",
  ...sections.flatMap(({ targets }) => targets.map((target) => line(cellsOf(target)))),
]

/** @returns what it is, what was measured, what is wanted, and whether that is met. */
export function cellsOf(target: Target): string[] {
  // What could not be measured is `null` in JSON.
  const measured: Target = { ...target, value: target.value ?? Number.NaN }
  const value = Number.isNaN(measured.value) ? "could not be measured" : shownValue(measured).trim()
  return [target.name, value, shownBound(target), isMet(measured) ? "met" : "**missed**"]
}

function tableLines({ sections }: Report, part: string, at: string): string[] {
  const tables = sections.find(({ name }) => name === part)?.tables
  const table = tables?.[Number(at) - 1]
  if (!table)
    throw new Error(`No table ${at} of ${part} among the figures: ${sections.map(({ name }) => name).join(", ")}`)
  const { columns, rows } = table
  return [line(columns), `|${columns.map((_, index) => (index === 0 ? "---|" : "---:|")).join("")}`, ...rows.map(line)]
}

const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
