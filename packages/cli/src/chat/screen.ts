/** Where the chat writes to: lines that stay, and on a terminal a region below them that is redrawn. */
import { clearScreenDown, cursorTo, type Interface, moveCursor } from "node:readline"
import type { Writable } from "node:stream"
import { rowsOf } from "./wrap.ts"

export interface Screen {
  /**
   * Adds lines that stay, and shows `live` below them instead of what was there.
   * @param live rows of at most the screen's width.
   */
  show(lines: readonly string[], live: readonly string[]): void
  /** A line was typed and stands there as it was echoed: takes it away, for it will come back as a message. */
  took(line: string): void
  /** Takes the live region away for good. */
  end(): void
}

/** Only ever adds lines. */
export function plainScreen(output: Writable): Screen {
  return {
    show(lines) {
      if (lines.length > 0) output.write(lines.map((line) => `${line}\n`).join(""))
    },
    took() {},
    end() {},
  }
}

/**
 * Keeps the prompt and what is typed so far at the bottom. Everything from the top of the live region
 * down is erased and written again in one write, so nothing is torn and nothing flickers.
 *
 * What is typed may itself be several rows long, and the cursor anywhere in it: readline, who draws it,
 * is asked where.
 */
export function promptScreen(output: Writable, input: Interface, columns: () => number): Screen {
  drawPastedRows(input)
  let rows = 0
  const eraseUp = (up: number) => {
    cursorTo(output, 0)
    if (up > 0) moveCursor(output, 0, -up)
    clearScreenDown(output)
  }
  const erase = () => {
    eraseUp(rows + input.getCursorPos().rows)
    // Readline remembers how far it is below its prompt and would go up once more.
    Object.assign(input, { prevRows: 0 })
  }
  return {
    show(lines, live) {
      erase()
      rows = live.length
      const added = lines.flatMap((line) => rowsOf(line, columns()))
      output.write([...added, ...live].map((line) => `${line}\n`).join(""))
      input.prompt(true)
    },
    took(line) {
      // The cursor stands below the row in which the line ended.
      eraseUp(rows + rowOfEnd(input, line) + 1)
      rows = 0
      input.prompt(true)
    },
    end() {
      erase()
      rows = 0
    },
  }
}

/**
 * Of what comes in one piece, readline writes all but the last character without looking where a row ends,
 * and then takes the cursor for being above where it is. It does so to keep pasted tabs from completing
 * words; nothing is completed here.
 */
function drawPastedRows(input: Interface): void {
  Object.defineProperty(input, "isCompletionEnabled", { get: () => true, set: () => {} })
}

/** @returns in which row below the prompt's first one the line ends, as readline counts. */
function rowOfEnd(input: Interface, line: string): number {
  const { line: present, cursor } = input
  Object.assign(input, { line, cursor: line.length })
  const { rows } = input.getCursorPos()
  Object.assign(input, { line: present, cursor })
  return rows
}
