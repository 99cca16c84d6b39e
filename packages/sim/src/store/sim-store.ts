/**
 * The one store of a world: it does what it is asked, one thing after the other, and can go back.
 *
 * What it holds is what its journal makes of nothing, as with a store that reads its append-only file again. Going back
 * by some writes is what a power cut does to a store that flushes once a second, what a failover does to what no replica
 * had yet, and what the restore of a backup does.
 */
import { append, create } from "./append.ts"
import { appendWith } from "./checkpoints.ts"
import { compact } from "./compact.ts"
import { beginEffect, finishEffect } from "./effects.ts"
import { claim } from "./leases.ts"
import { read } from "./read.ts"
import { emptyState, type State } from "./state.ts"

/** What a store does on which its promises hang: a mutant is made by putting something else in the place of one. */
export const storeOps = { append, appendWith, create, read, compact, claim, beginEffect, finishEffect }
export type StoreOps = typeof storeOps

export class SimStore {
  readonly ops: StoreOps
  #state: State = emptyState()
  #journal: ((state: State) => unknown)[] = []
  #safe = 0

  constructor(ops: StoreOps = storeOps) {
    this.ops = ops
  }

  get state(): State {
    return this.#state
  }

  /** How many writes it has done, and has still. */
  get writes(): number {
    return this.#journal.length
  }

  write<R>(change: (state: State, ops: StoreOps) => R): R {
    const done = (state: State) => change(state, this.ops)
    this.#journal.push(done)
    return done(this.#state)
  }

  read<R>(look: (state: State, ops: StoreOps) => R): R {
    return look(this.#state, this.ops)
  }

  /** What it holds now is never lost: it is what a world begins with. */
  settle(): void {
    this.#safe = this.#journal.length
  }

  /** Forgets the newest writes. */
  goBack(writes: number): void {
    if (writes === 0) return
    this.#journal = this.#journal.slice(0, Math.max(this.#safe, this.#journal.length - writes))
    this.#state = emptyState()
    for (const done of this.#journal) done(this.#state)
  }
}
