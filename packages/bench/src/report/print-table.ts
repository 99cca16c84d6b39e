/** A table as lines of text: the first column to the left, figures to the right. */
import type { Table } from "./section.ts"

export function linesOf({ title, columns, rows }: Table): string[] {
  const widths = columns.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? "").length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd()
  return [title, "", line(columns), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].map(
    (text) => `  ${text}`.trimEnd(),
  )
}
