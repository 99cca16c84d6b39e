/** Where the agent side tells its operator what happens. The event log is for people; this is not. */
export interface LogLine {
  readonly level: "debug" | "info" | "warn" | "error"
  readonly text: string
  readonly conversation?: string
  readonly run?: string
  /** Its stack belongs here and nowhere else. */
  readonly error?: unknown
}

export type Log = (line: LogLine) => void
