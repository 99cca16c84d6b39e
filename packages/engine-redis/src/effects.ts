/** The port of what a run's tools have done, on Redis: one hash for each run, in the partition of its conversation. */
import { type EffectBegun, type EffectRef, type Effects, effectsTtlMs, type Fence } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import { fieldOfKey } from "./keys.ts"
import { type Script, scripts } from "./script.ts"
import type { Store } from "./store.ts"

/** @param durable resolves when what the partition's master has answered is as durable as was asked for. */
export function effects(store: Store, keys: Keys, durable: (partition: number) => Promise<void>): Effects {
  async function run(script: Script, effect: EffectRef, fence: Fence, what: string): Promise<EffectBegun> {
    const { conversation, key } = effect
    const partition = keys.partitionOf(conversation)
    const { list } = await store.run({
      script,
      partition,
      keys: [keys.meta(conversation), keys.effects(conversation, effect.run)],
      args: [`${fence.number}:${fence.nonce}`, fieldOfKey(key), what, String(effectsTtlMs)],
    })
    await durable(partition)
    const [status, value] = list as string[]
    if (status === "done") return { status, value: value ?? "" }
    return { status: status === "fresh" || status === "again" ? status : "fenced" }
  }

  return {
    begin: (effect, fence, nonce) => run(scripts.effectBegin, effect, fence, nonce),
    async finish(effect, fence, value) {
      const finished = await run(scripts.effectFinish, effect, fence, value)
      return finished.status === "done" ? finished : { status: "fenced" }
    },
    async forget(conversation, run) {
      const partition = keys.partitionOf(conversation)
      await store.run({ script: scripts.effectsForget, partition, keys: [keys.effects(conversation, run)], args: [] })
    },
  }
}
