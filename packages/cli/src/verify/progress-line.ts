/** One line on a terminal that says how far the work is; nothing where there is none. */
import type { CliContext } from "../context.ts"
import { numberText } from "./report-text.ts"
import type { Surveyed } from "./survey.ts"
import type { VerifyTexts } from "./texts.ts"

const writtenEveryMs = 200
const toLineStart = "\r\u001b[K"

export interface ProgressLine {
  tell(surveyed: Surveyed, suspects: number): void
  clear(): void
}

export function progressLine({ terminal, clock }: CliContext, texts: VerifyTexts, isShown: boolean): ProgressLine {
  if (!isShown || terminal.isTTY !== true) return { tell() {}, clear() {} }
  let writtenAt = Number.NEGATIVE_INFINITY
  return {
    tell({ conversations, entries }, suspects) {
      const now = clock.monotonic()
      if (now - writtenAt < writtenEveryMs) return
      writtenAt = now
      const text = texts.progress(numberText(conversations), numberText(entries), numberText(suspects))
      terminal.write(toLineStart + text)
    },
    clear: () => void terminal.write(toLineStart),
  }
}
