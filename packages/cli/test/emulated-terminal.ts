/**
 * A terminal, as far as the chat uses one: text that wraps, wide characters, and the few sequences that readline
 * and the screen write. Unknown sequences throw, so that nothing is tested that is not understood.
 */
import { Writable } from "node:stream"
import stringWidth from "string-width"

const sequence = new RegExp(`^${String.fromCharCode(27)}\\[(\\d*)([A-Z])`)

export class EmulatedTerminal extends Writable {
  readonly isTTY = true
  readonly columns: number
  /** Cells; a wide character has an empty one behind it. */
  readonly #rows: string[][] = [[]]
  #row = 0
  #column = 0

  constructor(columns: number) {
    super({ decodeStrings: false })
    this.columns = columns
  }

  /** What is to be seen, without what is blank at the ends of rows and below the last one. */
  shown(): string[] {
    const rows = this.#rows.map((row) =>
      Array.from(row, (cell) => cell ?? " ")
        .join("")
        .trimEnd(),
    )
    while (rows.at(-1) === "") rows.pop()
    return rows
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    let rest = text
    while (rest !== "") rest = rest.slice(this.#take(rest))
    done()
  }

  /** @returns how much of the text that was. */
  #take(text: string): number {
    const found = sequence.exec(text)
    if (found) this.#obey(found[2] ?? "", found[1] === "" ? undefined : Number(found[1]))
    const char = found ? found[0] : String.fromCodePoint(text.codePointAt(0) ?? 0)
    if (!found) this.#put(char)
    return char.length
  }

  #obey(command: string, count: number | undefined): void {
    const by = count ?? 1
    if (command === "A") this.#row -= by
    else if (command === "B") this.#row += by
    else if (command === "C") this.#column = Math.min(this.#column + by, this.columns - 1)
    else if (command === "D") this.#column = Math.max(Math.min(this.#column, this.columns - 1) - by, 0)
    else if (command === "G") this.#column = by - 1
    else if (command === "J" && (count ?? 0) === 0) this.#clearDown()
    else throw new Error(`a sequence that this terminal does not know: ${count}${command}`)
    if (this.#row < 0) throw new Error("above the top of the screen")
  }

  #clearDown(): void {
    this.#current().length = Math.min(this.#column, this.#current().length)
    this.#rows.length = this.#row + 1
  }

  #put(char: string): void {
    if (char === "\r") this.#column = 0
    else if (char === "\n") {
      // As with the terminal driver's `onlcr`.
      this.#column = 0
      this.#row += 1
    } else this.#print(char, stringWidth(char))
  }

  /** The cursor stays behind the last column until something more is printed. */
  #print(char: string, width: number): void {
    if (this.#column + width > this.columns) {
      this.#column = 0
      this.#row += 1
    }
    const row = this.#current()
    while (row.length < this.#column) row.push(" ")
    row.splice(this.#column, width, char, ...Array.from({ length: width - 1 }, () => ""))
    this.#column += width
  }

  #current(): string[] {
    while (this.#rows.length <= this.#row) this.#rows.push([])
    return this.#rows[this.#row] ?? []
  }
}
