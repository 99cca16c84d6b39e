/**
 * Agents that somebody asks for and nobody serves, and for how long, by our own monotonic clock. (SPEC AGT2)
 *
 * A worker that restarts is away for seconds, and its runs wait for it. An agent that is not served for longer will not
 * be: then its runs end and say so, whoever looks first. What was not looked at does not count: after an outage of the
 * store everybody gets the full time again.
 */
import type { Log } from "./log-line.ts"

export class MissingAgents {
  readonly #afterMs: number
  readonly #log: Log
  readonly #since = new Map<string, number>()
  #now = 0

  constructor(afterMs: number, log: Log) {
    this.#afterMs = afterMs
    this.#log = log
  }

  /** @param wanted the agents of all open runs. */
  look(wanted: ReadonlySet<string>, isServed: (agent: string) => boolean, nowMs: number): void {
    this.#now = nowMs
    const missing = new Set([...wanted].filter((agent) => !isServed(agent)))
    for (const agent of this.#since.keys()) if (!missing.has(agent)) this.#since.delete(agent)
    for (const agent of missing) {
      if (this.#since.has(agent)) continue
      this.#since.set(agent, nowMs)
      const text = `nobody serves the agent ${agent}: its runs wait, and end after ${this.#afterMs / 1_000} seconds`
      this.#log({ level: "warn", text })
    }
  }

  /** It could not be looked. */
  forget(): void {
    this.#since.clear()
  }

  /** Whether it has been missing for so long that its runs are to end. */
  isGivenUp(agent: string): boolean {
    const since = this.#since.get(agent)
    return since !== undefined && this.#now - since >= this.#afterMs
  }
}
