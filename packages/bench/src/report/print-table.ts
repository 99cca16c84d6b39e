/**
 * A table as lines of text: the first column to the left, figures to the right.
 *
 * One that is too wide has its columns' names broken over several lines, and rows that are called `case: name` stand below
 * a line with their case; where that does not do, its columns stand closer.
 */
import type { Table } from "./section.ts"
import { wrapped } from "./wrapped.ts"

type Row = readonly string[]

export const columnsMax = 110
const indent = "  "
const groupIndent = " "
const gap = "  "

export function linesOf(table: Table): string[] {
  const plain = laidOut(table.title, [table.columns], table.rows, gap)
  if (fits(plain)) return plain
  const broken = narrow(table, gap)
  return fits(broken) ? broken : narrow(table, " ")
}

const fits = (lines: readonly string[]): boolean => lines.every((line) => line.length <= columnsMax)

function narrow({ title, columns, rows }: Table, between: string): string[] {
  const grouped = groupsIn(rows)
  const heads = columns.map((name, at) => wrapped(name, widest(grouped.filter(isRow).map((row) => row[at] ?? ""))))
  const height = Math.max(...heads.map((lines) => lines.length))
  // The last lines stand next to the figures.
  const headRows = Array.from({ length: height }, (_, line) =>
    heads.map((lines) => lines[line - height + lines.length] ?? ""),
  )
  return laidOut(title, headRows, grouped, between)
}

/** A row of one cell is a line by itself: what stands in it widens no column. */
function laidOut(title: string, heads: readonly Row[], rows: readonly Row[], between: string): string[] {
  const measured = [...heads, ...rows.filter(isRow)]
  const widths = (heads[0] ?? []).map((_, at) => widest(measured.map((row) => row[at] ?? "")))
  const line = (cells: Row) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(between)
  const rule = widths.map((width) => "-".repeat(width)).join(between)
  const body = rows.map((row) => (isRow(row) ? line(row) : (row[0] ?? "")))
  return [title, "", ...heads.map(line), rule, ...body].map((text) => `${indent}${text}`.trimEnd())
}

const isRow = (row: Row): boolean => row.length > 1

/** Each case's name once, and its rows indented below it. */
function groupsIn(rows: readonly Row[]): Row[] {
  let last: string | undefined
  return rows.flatMap(([first = "", ...rest]) => {
    const [, group, name = first] = /^(.*?): (.*)$/.exec(first) ?? []
    if (group === undefined) return [[first, ...rest]]
    const isNew = group !== last
    last = group
    return [...(isNew ? [[`${group}:`]] : []), [`${groupIndent}${name}`, ...rest]]
  })
}

const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => text.length))
