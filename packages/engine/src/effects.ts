/**
 * The port of what a run's tools have done: each effect's result under its key, so that another attempt of the run
 * finds it instead of doing it again.
 *
 * A key is noted before the effect is begun and gets its result afterwards, each under the run's fence: an owner that
 * was replaced can do neither. Between the two an owner may die, and nobody can know whether the effect has happened:
 * then `begin` says `again`. All of a run goes when the run is done; an engine may forget a run of which nothing was
 * noted for `effectsTtlMs`.
 */
import type { Fence } from "./event-log.ts"

export interface EffectRef {
  readonly conversation: string
  readonly run: string
  /** Unique in the run. */
  readonly key: string
}

export type EffectBegun =
  /** Nobody has begun it before. */
  | { readonly status: "fresh" }
  /** It was begun before and has no result: it may have happened. */
  | { readonly status: "again" }
  /** It has happened, with this result. */
  | { readonly status: "done"; readonly value: string }
  | { readonly status: "fenced" }

/** `done` with the result that stands: the first one that was given. */
export type EffectFinished = Extract<EffectBegun, { status: "done" | "fenced" }>

export interface Effects {
  /** @param nonce fresh for each beginning; a request that is repeated because its answer was lost keeps it. */
  begin(effect: EffectRef, fence: Fence, nonce: string): Promise<EffectBegun>
  /** @param value JSON text; kept as it is. */
  finish(effect: EffectRef, fence: Fence, value: string): Promise<EffectFinished>
  /** Everything of the run goes. To be called when the run is done: from then on nobody asks. */
  forget(conversation: string, run: string): Promise<void>
}

/** How long a run's effects are remembered after the last one, whatever becomes of the run, in milliseconds: 90 days. */
export const effectsTtlMs = 90 * 24 * 60 * 60 * 1_000
