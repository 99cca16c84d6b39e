/** The port of what a run's tools have done, on the store. The append that ends a run takes its effects along. */
import type { EffectBegun, EffectFinished, EffectRef, Effects, Fence } from "@everthread/engine"
import { getHead, isCurrentFence } from "./head.ts"
import { effectKey, effectsOf, hashOf } from "./keys.ts"
import type { Store } from "./store.ts"
import { getJson, keysUnder, putJson, type Tables } from "./tables.ts"

/** Begun under a nonce, or done with a result. */
type EffectRecord = { readonly nonce: string } | { readonly value: string }

export function effects(store: Store): Effects {
  return {
    begin: async (effect, fence, nonce) => store.write((tables) => begin(tables, effect, fence, nonce)),
    finish: async (effect, fence, value) => store.write((tables) => finish(tables, effect, fence, value)),
    forget: async (conversation, run) => store.write((tables) => forgetEffects(tables, conversation, run)),
  }
}

function begin(tables: Tables, effect: EffectRef, fence: Fence, nonce: string): EffectBegun {
  if (!isOwner(tables, effect, fence)) return { status: "fenced" }
  const known = getJson<EffectRecord>(tables.records, keyOf(effect))
  if (!known) putJson<EffectRecord>(tables.records, keyOf(effect), { nonce })
  if (!known || ("nonce" in known && known.nonce === nonce)) return { status: "fresh" }
  return "value" in known ? { status: "done", value: known.value } : { status: "again" }
}

function finish(tables: Tables, effect: EffectRef, fence: Fence, value: string): EffectFinished {
  if (!isOwner(tables, effect, fence)) return { status: "fenced" }
  const known = getJson<EffectRecord>(tables.records, keyOf(effect))
  if (known && "value" in known) return { status: "done", value: known.value }
  putJson<EffectRecord>(tables.records, keyOf(effect), { value })
  return { status: "done", value }
}

export function forgetEffects(tables: Tables, conversation: string, run: string): void {
  for (const key of [...keysUnder(tables.records, effectsOf(conversation, run))]) tables.records.remove(key)
}

const keyOf = ({ conversation, run, key }: EffectRef) => effectKey(conversation, run, hashOf(key))

function isOwner(tables: Tables, { conversation }: EffectRef, fence: Fence): boolean {
  const head = getHead(tables, conversation)
  return head !== undefined && isCurrentFence(head, fence)
}
