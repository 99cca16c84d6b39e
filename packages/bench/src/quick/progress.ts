/**
 * How far it has come, for whoever waits: on a terminal one line that is written over, elsewhere a line for each part.
 */
import type { Clock } from "@everthread/protocol"

/** As much of `process.stderr` as it needs. */
export interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const secondMs = 1_000
const columnsMin = 80

/** @returns takes what is being done as `part: the rest`, and nothing where the part is over. */
export function progressOn(terminal: Terminal, clock: Clock): (text: string) => void {
  const startedAt = clock.monotonic()
  let lastPart = ""
  return (text) => {
    const seconds = Math.round((clock.monotonic() - startedAt) / secondMs)
    if (terminal.isTTY) {
      const line = text === "" ? "" : `${String(seconds).padStart(4)} s  ${text}`
      return void terminal.write(`\r\x1b[K${line.slice(0, (terminal.columns ?? columnsMin) - 1)}`)
    }
    const [part = ""] = text.split(":", 1)
    if (part !== "" && part !== lastPart) terminal.write(`… ${part} (${seconds} s)\n`)
    if (part !== "") lastPart = part
  }
}
