/** What happened in a world, for whoever looks for the reason of a finding. */
import { EngineError } from "@everthread/engine"

export interface Happened {
  readonly atMs: number
  readonly who: string
  readonly what: string
}

export class Timeline {
  readonly #nowMs: () => number
  readonly happened: Happened[] = []
  /** What must not be said in any weather. */
  readonly complaints: string[] = []

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  note(who: string, what: string): void {
    this.happened.push({ atMs: this.#nowMs(), who, what })
  }

  said(who: string, level: string, text: string, error: unknown): void {
    if (level === "debug") return
    const why = error instanceof Error ? `: ${error.message}` : ""
    this.note(who, `${level}: ${text}${why}`)
    // That the store is away is no mistake of whoever says it.
    if (level === "error" && !(error instanceof EngineError)) this.complaints.push(`${who} says: ${text}${why}`)
  }

  print(): string {
    return this.happened.map(({ atMs, who, what }) => `  ${atMs.toFixed(1)} ms  ${who}  ${what}`).join("\n")
  }
}
