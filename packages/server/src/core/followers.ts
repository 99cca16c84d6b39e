/** Those who follow one conversation on this node. */

import type { LogFrame } from "./log-frame.ts"

/** Whoever is told of what is new in a conversation. One that throws is told `lost`; the others notice nothing. */
export interface Follower {
  /** The frame that follows the feed's head. */
  frame(frame: LogFrame): void
  /** Something without a place in the log. */
  ephemeral(body: string): void
  /** The history this follower was in is gone, or the feed cannot go on: read again from the store. */
  lost(): void
}

export class Followers {
  readonly #all = new Set<Follower>()
  readonly #failed: (error: unknown) => void
  /** Those to whom every frame has to come with the state before it. */
  #stateful = 0

  /** @param failed is told what a follower threw. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  get size(): number {
    return this.#all.size
  }

  get wantState(): boolean {
    return this.#stateful > 0
  }

  add(follower: Follower, isStateful: boolean): () => void {
    this.#all.add(follower)
    if (isStateful) this.#stateful += 1
    return () => {
      if (this.#all.delete(follower) && isStateful) this.#stateful -= 1
    }
  }

  tell(about: (follower: Follower) => void): void {
    for (const follower of [...this.#all]) {
      try {
        about(follower)
      } catch (error) {
        this.#failed(error)
        follower.lost()
      }
    }
  }

  /** Tells all of them that they are lost, and forgets them. */
  lose(): void {
    for (const follower of [...this.#all]) follower.lost()
    this.#all.clear()
    this.#stateful = 0
  }
}
