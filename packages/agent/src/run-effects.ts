/**
 * What `once` of `@everthread/agent/author` does its work with: the effects of one run, under one attempt's fence.
 *
 * A store that is away is waited for, as checkpoints wait for it. An attempt that is over begins nothing more; what it
 * has begun it may still finish, for as long as nobody else owns the run.
 */
import { type EffectBegun, type EffectFinished, type Effects, freshNonce } from "@everthread/engine"
import type { Random } from "@everthread/protocol"
import type { Claim } from "./attempt-parts.ts"

export interface RunEffects {
  begin(key: string): Promise<EffectBegun>
  /** @param value JSON text. */
  finish(key: string, value: string): Promise<EffectFinished>
}

export interface RunEffectsParts {
  readonly effects: Effects
  readonly random: Random
  readonly claim: Claim
  /** Asks again while the store is away. */
  readonly patiently: <T>(ask: () => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
  /** Called when something was begun: then there is something to forget. */
  readonly used: () => void
}

export function runEffects({ effects, random, claim, patiently, signal, used }: RunEffectsParts): RunEffects {
  const { conversation, run, fence } = claim
  return {
    begin(key) {
      if (signal.aborted) return Promise.resolve({ status: "fenced" })
      used()
      const nonce = freshNonce(random)
      return patiently(() => effects.begin({ conversation, run, key }, fence, nonce))
    },
    finish: (key, value) => patiently(() => effects.finish({ conversation, run, key }, fence, value)),
  }
}
