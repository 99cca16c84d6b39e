/**
 * How many are before each waiting run while every worker is busy, as the server has said last.
 *
 * It is said in ephemeral frames, which may be lost: what the log says of a run counts before them, so nobody who has
 * begun is shown as waiting.
 */
import type { Run } from "@everthread/protocol"

export class Positions {
  #told: ReadonlyMap<string, number> = new Map()
  #shown: ReadonlyMap<string, number> = new Map()
  #runs: readonly Run[] | undefined

  /** @param position 0: it waits no more. */
  tell(run: string, position: number): void {
    const told = new Map(this.#told)
    if (position === 0) told.delete(run)
    else told.set(run, position)
    this.#told = told
    this.#runs = undefined
  }

  clear(): void {
    this.#told = new Map()
    this.#runs = undefined
  }

  /** @returns those of the runs that wait, by run: the same object for as long as nothing has changed. */
  of(runs: readonly Run[]): ReadonlyMap<string, number> {
    if (runs === this.#runs) return this.#shown
    this.#runs = runs
    const begun = new Set(runs.flatMap(({ id, status }) => (status === "queued" ? [] : [id])))
    // A frame may come before the run itself does: what is not known yet is kept.
    this.#told = new Map([...this.#told].filter(([run]) => !begun.has(run)))
    const shown = new Map([...this.#told].filter(([run]) => runs.some(({ id }) => id === run)))
    if (!isSame(shown, this.#shown)) this.#shown = shown
    return this.#shown
  }
}

function isSame(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([run, position]) => other.get(run) === position)
}
