/** Text in columns of a terminal: cut or filled to a width, where Chinese takes two columns for a character. */
import stringWidth from "string-width"

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })

/** @returns the text in exactly so many columns. */
export function fit(text: string, columns: number): string {
  const cut = clip(text, columns)
  return cut + " ".repeat(Math.max(columns - stringWidth(cut), 0))
}

/** @returns as much of the text as fits; what is cut ends with an ellipsis. */
function clip(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text
  let cut = ""
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment)
    if (width > columns - 1) break
    cut += segment
  }
  return columns > 0 ? `${cut}…` : ""
}

export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text)))
}

/** How far something has come. */
export function bar(done: number, total: number, columns: number): string {
  const filled = total > 0 ? Math.floor((Math.min(done, total) / total) * columns) : 0
  return "█".repeat(filled) + "░".repeat(Math.max(columns - filled, 0))
}
