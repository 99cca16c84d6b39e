/**
 * Tells people how many are before them while every worker is busy: an ephemeral frame, in no log. (SPEC AGT5)
 *
 * Only what has changed is told, at most once in a while, and of the first of a long line only. Of several workers that
 * are full one tells: the first by name of those that serve the agent. Should it be gone, the next one begins anew.
 */
import type { Announcement, EventLog } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"

/** A run and its place in the line: the first one's is 1, for the run that has to end before it. */
export interface Placed {
  readonly conversation: string
  readonly run: string
  readonly position: number
}

export interface PositionParts {
  readonly log: Pick<EventLog, "publish">
  readonly clock: Clock
  /** At most so often. */
  readonly everyMs: number
}

/** How far from the front people are told: whoever is behind sees it when they come nearer. */
export const positionsMax = 100

export class QueuePositions {
  readonly #parts: PositionParts
  #told = new Map<string, Placed>()
  #toldAtMs = Number.NEGATIVE_INFINITY

  constructor(parts: PositionParts) {
    this.#parts = parts
  }

  /**
   * @param placed those that this worker is to tell of.
   * @param isWaiting whether a run waits still, whoever tells of it.
   */
  async tell(placed: readonly Placed[], isWaiting: (run: string) => boolean): Promise<void> {
    const nowMs = this.#parts.clock.monotonic()
    if (nowMs - this.#toldAtMs < this.#parts.everyMs) return
    const current = new Map(placed.slice(0, positionsMax).map((one) => [one.run, one]))
    const changed = [...current.values()].filter(({ run, position }) => this.#told.get(run)?.position !== position)
    const over = [...this.#told.values()].filter(({ run }) => !isWaiting(run))
    this.#told = current
    if (changed.length + over.length === 0) return
    this.#toldAtMs = nowMs
    for (const one of [...changed, ...over.map((was) => ({ ...was, position: 0 }))]) await this.#publish(one)
  }

  async #publish({ conversation, run, position }: Placed): Promise<void> {
    await this.#parts.log.publish(conversation, JSON.stringify({ type: "queue", run, position }))
  }
}

/** @returns whether the worker is the one that tells of runs of this agent: all that serve it are full, and it is the first. */
export function isTeller(own: Announcement, others: readonly Announcement[], agent: string): boolean {
  const serving = others.filter(({ agents }) => agents.includes(agent))
  return serving.every(({ isFull, owner }) => isFull && own.owner < owner)
}
