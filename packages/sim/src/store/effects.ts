/** What a run's tools have done, under the run's fence. (SPEC TOO1, TOO3) */
import type { EffectBegun, EffectFinished, EffectRef, Fence } from "@everthread/engine"
import { type EffectRecord, isSameFence, type State } from "./state.ts"

export function beginEffect(state: State, effect: EffectRef, fence: Fence, nonce: string): EffectBegun {
  const effects = effectsOf(state, effect, fence)
  if (!effects) return { status: "fenced" }
  note(state, effect, fence)
  const known = effects.get(effect.key)
  if (!known) effects.set(effect.key, { nonce })
  if (!known || ("nonce" in known && known.nonce === nonce)) return { status: "fresh" }
  return "value" in known ? { status: "done", value: known.value } : { status: "again" }
}

export function finishEffect(state: State, effect: EffectRef, fence: Fence, value: string): EffectFinished {
  const effects = effectsOf(state, effect, fence)
  if (!effects) return { status: "fenced" }
  note(state, effect, fence)
  const known = effects.get(effect.key)
  if (known && "value" in known) return { status: "done", value: known.value }
  effects.set(effect.key, { value })
  return { status: "done", value }
}

function note(state: State, { conversation, key }: EffectRef, fence: Fence): void {
  state.deeds.push({ type: "effect", conversation, fence, key })
}

function effectsOf(state: State, { conversation, run }: EffectRef, fence: Fence) {
  const held = state.conversations.get(conversation)
  if (!held || !isSameFence(held.owner?.fence, fence)) return undefined
  const effects = held.effects.get(run) ?? new Map<string, EffectRecord>()
  held.effects.set(run, effects)
  return effects
}
