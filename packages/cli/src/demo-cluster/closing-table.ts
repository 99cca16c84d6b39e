/** The table at the end: what was promised, what was counted, and whether it is the same. */
import stringWidth from "string-width"
import type { Paint } from "../chat/style.ts"
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
const promiseColumnsMin = 16

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
  const width = (cell: (row: TableRow) => string) => widest([head, ...rows].map(cell))
  const widths = {
    scene: width(({ scene }) => scene),
    promised: width(({ promised }) => promised),
    counted: width(({ counted }) => counted),
    verdict: width(({ verdict }) => verdict),
  }
  const taken = widths.scene + widths.promised + widths.counted + widths.verdict + 5 * gap.length + 1
  const promise = Math.max(
    promiseColumnsMin,
    Math.min(
      columns - taken,
      width((row) => row.promise),
    ),
  )
  const draw = (row: TableRow, style: "dim" | "good" | "bad") => {
    const [first = "", ...more] = rowsOf(row.promise, promise)
    const numbers = [right(row.promised, widths.promised), right(row.counted, widths.counted)]
    const cells = [paint("strong", fit(row.scene, widths.scene)), fit(first, promise), ...numbers]
    const rest = more.map((text) => gap + [fit("", widths.scene), text].join(gap))
    return [gap + [...cells, paint(style, row.verdict)].join(gap), ...rest]
  }
  return [...draw(head, "dim"), ...rows.flatMap((row) => draw(row, row.ok ? "good" : "bad"))]
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
