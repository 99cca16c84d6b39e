/** The table at the end: what was promised, what was counted, and whether it is the same. */
import stringWidth from "string-width"
import type { Paint, Style } from "../chat/style.ts"
import { rowsOf } from "../chat/wrap.ts"
import { fit, widest } from "./cells.ts"
import type { Check } from "./judge.ts"
import type { DemoTexts } from "./texts.ts"

export interface TableOptions {
  readonly columns: number
  readonly paint: Paint
  readonly texts: DemoTexts
}

const gap = "  "
const promiseColumnsMin = 8

interface TableRow {
  readonly scene: string
  readonly promise: string
  readonly promised: string
  readonly counted: string
  readonly verdict: string
  readonly ok: boolean
}

export function closingTable(checks: readonly Check[], { columns, paint, texts }: TableOptions): string[] {
  const head: TableRow = { ...texts.head, ok: true }
  const rows = checks.map((check, index) => rowOf(check, checks[index - 1]?.scene !== check.scene, texts))
  const widths = widthsOf([head, ...rows], columns)
  return [
    ...linesOf(head, widths, paint, "dim"),
    ...rows.flatMap((row) => linesOf(row, widths, paint, row.ok ? "good" : "bad")),
  ]
}

type Widths = Readonly<Record<"scene" | "promise" | "promised" | "counted", number>>

/** What is promised gets the room that the others leave. */
function widthsOf(rows: readonly TableRow[], columns: number): Widths {
  const width = (cell: Exclude<keyof TableRow, "ok">) => widest(rows.map((row) => row[cell]))
  const fixed = { scene: width("scene"), promised: width("promised"), counted: width("counted") }
  const taken = fixed.scene + fixed.promised + fixed.counted + width("verdict") + 5 * gap.length + 1
  return { ...fixed, promise: Math.max(promiseColumnsMin, Math.min(columns - taken, width("promise"))) }
}

function linesOf(row: TableRow, widths: Widths, paint: Paint, style: Style): string[] {
  const [first = "", ...more] = rowsOf(row.promise, widths.promise)
  const cells = [
    paint("strong", fit(row.scene, widths.scene)),
    fit(first, widths.promise),
    right(row.promised, widths.promised),
    right(row.counted, widths.counted),
    paint(style, row.verdict),
  ]
  const below = " ".repeat(gap.length + widths.scene + gap.length)
  return [gap + cells.join(gap), ...more.map((text) => below + text)]
}

function rowOf({ scene, promise, promised, counted, ok }: Check, isFirst: boolean, texts: DemoTexts): TableRow {
  return {
    scene: isFirst ? texts.short[scene] : "",
    promise: texts.promises[promise],
    promised: String(promised),
    counted: String(counted),
    verdict: ok ? texts.ok : texts.wrong,
    ok,
  }
}

function right(text: string, columns: number): string {
  return " ".repeat(Math.max(columns - stringWidth(text), 0)) + text
}
