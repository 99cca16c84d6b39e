/** The line that is being typed, however long it is, stays whole through every key and every redraw. */
import { createInterface, type Interface } from "node:readline"
import { PassThrough } from "node:stream"
import { promptScreen, type Screen } from "../src/chat/screen.ts"
import { rowsOf } from "../src/chat/wrap.ts"
import { EmulatedTerminal } from "./emulated-terminal.ts"

const columns = 20
const keys = { left: "\u001b[D", backspace: "\u007f", toTheStart: "\u0001", killToTheStart: "\u0015", up: "\u001b[A" }

interface Typing {
  readonly terminal: EmulatedTerminal
  readonly screen: Screen
  readonly typed: Interface
  /** In one piece, as a paste comes, or as fast fingers on a slow machine. */
  press(text: string): void
}

const open: Interface[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

function typing(): Typing {
  const terminal = new EmulatedTerminal(columns)
  const input = new PassThrough()
  const typed = createInterface({ input, output: terminal, terminal: true, prompt: "> " })
  const screen = promptScreen(terminal, typed, () => columns)
  typed.on("line", (line) => screen.took(line))
  open.push(typed)
  screen.show(["[1] bob/pad: hello"], [])
  return { terminal, screen, typed, press: (text) => void input.emit("data", Buffer.from(text)) }
}

/** What the prompt and the line take up when a terminal wraps them. */
function promptRows(line: string): string[] {
  const rows: string[] = [""]
  for (const char of `> ${line}`) {
    if (rowsOf((rows.at(-1) ?? "") + char, columns).length > 1) rows.push("")
    rows.push((rows.pop() ?? "") + char)
  }
  return rows.map((row) => row.trimEnd())
}

const lines = {
  "one row": "short",
  "exactly one row": "x".repeat(columns - 2),
  "two rows": "0123456789012345678901234567",
  "exactly two rows": "y".repeat(2 * columns - 2),
  "three rows of Chinese": "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯",
  "a wide character at the edge": `abcdefghijklmnopq${"宽".repeat(8)}`,
}

describe.each(Object.entries(lines))("%s", (_name, line) => {
  test.each([
    ["left", keys.left, line],
    ["backspace", keys.backspace, [...line].slice(0, -1).join("")],
    ["left, backspace", keys.left + keys.backspace, [...line].toSpliced(-2, 1).join("")],
    ["to the start, a letter", `${keys.toTheStart}z`, `z${line}`],
    ["kill", keys.killToTheStart, ""],
  ])("pasted, then %s", (_key, key, left) => {
    const { terminal, press } = typing()
    press(line)
    expect(terminal.shown()).toEqual(["[1] bob/pad: hello", ...promptRows(line)])
    press(key)
    expect(terminal.shown()).toEqual(["[1] bob/pad: hello", ...promptRows(left)])
  })

  test("is kept by a redraw from anywhere in it, and taken away when it is entered", () => {
    const { terminal, screen, press } = typing()
    press(line)
    for (const key of ["", keys.left, keys.toTheStart]) {
      press(key)
      screen.show([], ["bob typing …"])
      expect(terminal.shown()).toEqual(["[1] bob/pad: hello", "bob typing …", ...promptRows(line)])
    }
    screen.show(["[2] bob/pad: well"], [])
    press("\r")
    expect(terminal.shown()).toEqual(["[1] bob/pad: hello", "[2] bob/pad: well", ">"])
    press(keys.up)
    press(keys.killToTheStart)
    expect(terminal.shown()).toEqual(["[1] bob/pad: hello", "[2] bob/pad: well", ">"])
  })
})

test("lines that stay are broken at spaces", () => {
  const { terminal, screen } = typing()
  screen.show(["[2] bob/pad: several words"], [])
  expect(terminal.shown()).toEqual(["[1] bob/pad: hello", "[2] bob/pad: several", "words", ">"])
})
