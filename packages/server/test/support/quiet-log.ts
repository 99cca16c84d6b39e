/** A log that keeps its lines for the test to look at. */
import type { Log } from "../../src/core/log-sink.ts"

export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error"
  readonly fields: object
  readonly text: string
}

export interface RecordingLog extends Log {
  readonly lines: LogLine[]
}

export function recordingLog(): RecordingLog {
  const lines: LogLine[] = []
  const at = (level: LogLine["level"]) => (fields: object, text: string) => void lines.push({ level, fields, text })
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") }
}
