/**
 * Text as rows of a terminal: what is wide in print, Chinese above all, is two columns wide here.
 *
 * Rows end at spaces and between wide characters; only a word longer than a row is cut. Styles take no room.
 */
import stringWidth from "string-width"

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" })
const styles = new RegExp(`(${String.fromCharCode(27)}\\[[\\d;]*m)`)

/** What is not divided if it fits into a row: a word, one wide character, or one space. */
interface Unit {
  readonly pieces: readonly Piece[]
  readonly width: number
}

interface Piece {
  readonly text: string
  readonly width: number
}

/** @returns the rows that the text takes up, none wider than `columns`. */
export function rowsOf(text: string, columns: number): string[] {
  return text.split("\n").flatMap((line) => rowsOfLine(line.replaceAll("\t", "  "), Math.max(columns, 2)))
}

function rowsOfLine(line: string, columns: number): string[] {
  const rows: string[] = []
  let row = ""
  let width = 0
  const begin = () => {
    rows.push(row)
    row = ""
    width = 0
  }
  for (const unit of unitsOf(line)) {
    if (width + unit.width > columns) {
      if (width > 0 && unit.width <= columns) begin()
      // A space that does not fit is what the row was broken at.
      if (isSpace(unit)) continue
    }
    for (const piece of unit.pieces) {
      if (width + piece.width > columns) begin()
      row += piece.text
      width += piece.width
    }
  }
  return [...rows, row]
}

function unitsOf(line: string): Unit[] {
  const units: Unit[] = []
  let word: Piece[] = []
  const end = () => {
    if (word.length > 0) units.push(unitOf(word))
    word = []
  }
  for (const piece of piecesOf(line)) {
    const isAlone = piece.width > 1 || piece.text === " "
    if (isAlone) end()
    word.push(piece)
    if (isAlone) end()
  }
  end()
  return units
}

function piecesOf(line: string): Piece[] {
  return line.split(styles).flatMap((part) => {
    if (styles.test(part)) return [{ text: part, width: 0 }]
    return [...graphemes.segment(part)].map(({ segment }) => ({ text: segment, width: stringWidth(segment) }))
  })
}

function unitOf(pieces: readonly Piece[]): Unit {
  return { pieces, width: pieces.reduce((sum, { width }) => sum + width, 0) }
}

function isSpace({ pieces }: Unit): boolean {
  return pieces.length === 1 && pieces[0]?.text === " "
}
