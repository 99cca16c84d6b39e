/**
 * The conversations that wait for a place on this worker, and what the choice among them has to know: when each came,
 * when it was served last, and how often others went before it.
 *
 * All of it is this worker's own memory, counted in numbers that rise: no clock, and nothing in the store.
 */
import { mayHave, type Places, type Waiting } from "./choice.ts"

interface Seen {
  readonly since: number
  readonly passed: number
}

/** Conversations whose last turn is remembered. One that is forgotten counts as one that was never served. */
const servedMax = 10_000

export class WaitingLine {
  readonly #seen = new Map<string, Seen>()
  /** Least recently served first. */
  readonly #served = new Map<string, number>()
  #count = 0

  /** @param candidates whoever waits now, in the order in which newcomers stand in the line. */
  update(candidates: readonly Pick<Waiting, "conversation" | "user">[]): Waiting[] {
    const present = new Set(candidates.map(({ conversation }) => conversation))
    for (const conversation of this.#seen.keys()) if (!present.has(conversation)) this.#seen.delete(conversation)
    return candidates.map(({ conversation, user }) => {
      const seen = this.#seen.get(conversation) ?? { since: ++this.#count, passed: 0 }
      this.#seen.set(conversation, seen)
      return { conversation, user, ...seen, servedAt: this.#served.get(conversation) ?? 0 }
    })
  }

  /** One was given a place that those who are left could have had. @returns those who are left. */
  chose(chosen: Waiting, left: readonly Waiting[], places: Places): Waiting[] {
    this.#remember(chosen.conversation)
    return left.map((one) => {
      if (one.since > chosen.since || !mayHave(one, places)) return one
      const passed = one.passed + 1
      this.#seen.set(one.conversation, { since: one.since, passed })
      return { ...one, passed }
    })
  }

  #remember(conversation: string): void {
    this.#seen.delete(conversation)
    this.#served.delete(conversation)
    this.#served.set(conversation, ++this.#count)
    const [oldest] = this.#served.keys()
    if (oldest !== undefined && this.#served.size > servedMax) this.#served.delete(oldest)
  }
}
