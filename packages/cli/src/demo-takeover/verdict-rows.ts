/** The comparison at the end: what was promised, what was counted, and whether it is the same. */
import type { Paint } from "../chat/style.ts"
import { fit, widest } from "../demo-cluster/cells.ts"
import type { TakeoverTexts } from "./texts.ts"
import type { Check } from "./verdict.ts"

const indent = "  "
const gap = "  "

export function verdictRows(checks: readonly Check[], paint: Paint, texts: TakeoverTexts): string[] {
  const { head } = texts
  const promiseWidth = widest([head.promise, ...checks.map(({ promise }) => texts.promises[promise])])
  const widths = { promised: widest([head.promised]), counted: widest([head.counted]) }
  const line = (promise: string, promised: string, counted: string, verdict: string) => {
    const cells = [fit(promise, promiseWidth), fit(promised, widths.promised), fit(counted, widths.counted), verdict]
    return (indent + cells.join(gap)).trimEnd()
  }
  const rows = checks.map(({ promise, promised, counted, ok }) => {
    const verdict = ok ? paint("good", texts.ok) : paint("bad", texts.wrong)
    return line(texts.promises[promise], String(promised), String(counted), verdict)
  })
  return [paint("dim", line(head.promise, head.promised, head.counted, "")), ...rows]
}
