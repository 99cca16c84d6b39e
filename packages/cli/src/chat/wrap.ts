/** Text as rows of a terminal: what is wide in print, Chinese above all, is two columns wide here. */
import stringWidth from "string-width"

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** @returns the rows that the text takes up, none wider than `columns`. The text has no styles in it. */
export function rowsOf(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => rowsOfLine(line.replaceAll("\t", "  "), Math.max(columns, 2)))
}

function rowsOfLine(line: string, columns: number): string[] {
  const rows: string[] = []
  let row = ""
  let width = 0
  for (const { segment } of graphemes.segment(line)) {
    const wide = stringWidth(segment)
    if (width + wide > columns) {
      rows.push(row)
      row = ""
      width = 0
    }
    row += segment
    width += wide
  }
  return [...rows, row]
}
