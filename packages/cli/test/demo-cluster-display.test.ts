/** How the demo looks: rows that are redrawn in place, and nothing wider than the screen. */
import fc from "fast-check"
import stringWidth from "string-width"
import { ManualClock } from "../../../test/support/manual-clock.ts"
import { noPaint } from "../src/chat/style.ts"
import { bar, fit } from "../src/demo-cluster/cells.ts"
import { closingTable } from "../src/demo-cluster/closing-table.ts"
import type { Check } from "../src/demo-cluster/judge.ts"
import { plainStage, TerminalStage } from "../src/demo-cluster/stage.ts"
import { demoTexts } from "../src/demo-cluster/texts.ts"
import { EmulatedTerminal } from "./emulated-terminal.ts"

/** What the emulated terminal does not know, and what takes no room: the cursor's visibility, and the end of a style. */
const unseen = new RegExp(`${String.fromCharCode(27)}\\[(?:\\?25[lh]|0m)`, "g")

function onScreen() {
  const terminal = new EmulatedTerminal(60)
  const clock = new ManualClock()
  let raw = ""
  const output = {
    columns: 60,
    rows: 20,
    write(text: string) {
      raw += text
      terminal.write(text.replaceAll(unseen, ""))
    },
  }
  return { stage: new TerminalStage({ output, paint: noPaint, clock }), terminal, clock, raw: () => raw }
}

test("rows are redrawn in place, below what stays", async () => {
  const { stage, terminal, clock } = onScreen()
  let count = 0
  stage.scene(1, "A scene")
  stage.live(() => [`count ${++count}`, "----"])
  await clock.advance(600)
  stage.say("something stays")
  await clock.advance(600)
  const shown = terminal.shown()
  expect(shown.slice(0, 3)).toEqual(["", " 1  A scene", "    something stays"])
  expect(shown.slice(3)).toEqual([`count ${count}`, "----"])
  expect(count).toBeGreaterThan(5)
  stage.settle(() => ["count is over"])
  await clock.advance(600)
  expect(terminal.shown().slice(2)).toEqual(["    something stays", "count is over"])
})

test("a row that is wider than the screen is cut, so that it is written over like the others", async () => {
  const { stage, terminal, clock } = onScreen()
  stage.live(() => ["word ".repeat(30), "below"])
  await clock.advance(600)
  expect(terminal.shown()).toEqual(["word ".repeat(12).trimEnd(), "below"])
})

test("the cursor is there again at the end, also when the show ends early", () => {
  const { stage, raw, clock } = onScreen()
  stage.live(() => ["row"])
  stage.end()
  expect(raw().endsWith("\u001b[?25h")).toBe(true)
  expect(clock.timers).toBe(0)
})

test("where lines stay, nothing that changes is written", () => {
  let out = ""
  const stage = plainStage({
    output: {
      write: (text) => {
        out += text
      },
    },
  })
  stage.scene(1, "A scene")
  stage.live(() => ["never"])
  stage.settle(() => ["once"])
  stage.end()
  expect(out).toBe("\n 1  A scene\nonce\n")
})

test("a cell has the width that was asked for, whatever is in it", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[一-龥a-z ]{0,20}$/u))
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 30 }), (words, width) => {
      const plain = words.replaceAll(/\p{C}/gu, "")
      expect(stringWidth(fit(plain, width))).toBe(width)
    }),
  )
  expect(fit("一二三", 4)).toBe("一… ")
})

test("a bar is full when everything is there, and not before", () => {
  expect(bar(99, 100, 10)).toBe("█████████░")
  expect(bar(100, 100, 10)).toBe("██████████")
  expect(bar(0, 0, 3)).toBe("░░░")
})

test.each(["en", "zh"] as const)("the table in %s fits on 80 columns, and says what is wrong", (language) => {
  const texts = demoTexts[language]
  const promises = Object.keys(texts.promises) as Check["promise"][]
  const checks = promises.map<Check>((promise, i) => ({ scene: 1, promise, promised: 1000, counted: 999, ok: i > 0 }))
  const rows = closingTable(checks, { columns: 80, paint: noPaint, texts })
  expect(Math.max(...rows.map((row) => stringWidth(row)))).toBeLessThan(80)
  expect(rows.filter((row) => row.includes(texts.wrong))).toHaveLength(1)
})
