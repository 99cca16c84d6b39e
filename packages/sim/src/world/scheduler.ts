/**
 * Virtual time: what is to happen, in the order in which it does.
 *
 * One thing happens at a time, and before the next one every promise that it could settle has settled. So the order of
 * all there is depends on the schedule alone, and one seed repeats one history. Nothing here waits for a real clock.
 *
 * What is due at the same moment happens in the order in which it was scheduled.
 */

/** Something that is to happen; `run` is taken away when it has, or when it was called off. */
export interface Scheduled {
  readonly atMs: number
  readonly order: number
  run: (() => void) | undefined
}

export class Scheduler {
  readonly #heap: Scheduled[] = []
  #nowMs = 0
  #order = 0
  #happened = 0

  get nowMs(): number {
    return this.#nowMs
  }

  /** How much has happened so far. */
  get happened(): number {
    return this.#happened
  }

  after(delayMs: number, run: () => void): Scheduled {
    const scheduled: Scheduled = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run }
    push(this.#heap, scheduled)
    return scheduled
  }

  /**
   * Lets things happen until one of them makes it hold, or until the time is over, or nothing is left.
   * @returns whether it holds.
   */
  async runUntil(holds: () => boolean, endMs: number): Promise<boolean> {
    await settled()
    while (!holds()) {
      const next = this.#heap[0]
      if (!next || next.atMs > endMs) {
        this.#nowMs = Math.max(this.#nowMs, Math.min(endMs, next?.atMs ?? endMs))
        return holds()
      }
      pop(this.#heap)
      if (!next.run) continue
      await this.#happen(next, next.run)
    }
    return true
  }

  async #happen(next: Scheduled, run: () => void): Promise<void> {
    this.#nowMs = next.atMs
    this.#happened += 1
    next.run = undefined
    run()
    await settled()
  }
}

/** Resolves when all promises that could settle have. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const isBefore = (one: Scheduled, other: Scheduled): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)

function push(heap: Scheduled[], scheduled: Scheduled): void {
  let at = heap.length
  heap.push(scheduled)
  while (at > 0) {
    const parent = (at - 1) >> 1
    const above = heap[parent] as Scheduled
    if (!isBefore(scheduled, above)) break
    heap[at] = above
    at = parent
  }
  heap[at] = scheduled
}

function pop(heap: Scheduled[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    const child = earlierChild(heap, at)
    const below = heap[child]
    if (!below || !isBefore(below, last)) break
    heap[at] = below
    at = child
  }
  heap[at] = last
}

function earlierChild(heap: readonly Scheduled[], at: number): number {
  const left = 2 * at + 1
  const [one, other] = [heap[left], heap[left + 1]]
  return one && other && isBefore(other, one) ? left + 1 : left
}
