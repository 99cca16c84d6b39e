/**
 * The port of the simple protocol's sessions on Redis: a hash for each device of a user.
 *
 * The hash outlives its session, for what the device has received. Only its removal, after 90 days without a word,
 * is by the server's clock.
 */
import { receivedTtlMs, type Sessions } from "@everthread/engine"
import type { Keys } from "../keys.ts"
import { pairsOf } from "../pairs.ts"
import { scripts } from "../script.ts"
import type { Store } from "../store.ts"
import { type Touch, touches } from "./touches.ts"

export interface RedisSessions extends Sessions {
  /** Writes what waits. */
  close(): Promise<void>
}

export function sessions(store: Store, keys: Keys): RedisSessions {
  const pending = touches({ clock: store.clock, write: (touch) => writeTouch(store, keys, touch) })
  return {
    async open(user, device, freshId, now, ttlMs) {
      store.assertOpen()
      await pending.settled(user, device)
      const { list } = await store.run({
        script: scripts.sessionOpen,
        partition: keys.partitionOf(user),
        keys: [keys.session(user, device)],
        args: [freshId, String(now), String(ttlMs), String(keptMs(ttlMs))],
      })
      const [sessionId, recovered, lastActive, ...received] = list
      return {
        sessionId: String(sessionId),
        recovered: recovered === 1,
        received: new Map(pairsOf(received)),
        lastActive: Number(lastActive),
      }
    },
    async touch(user, device, now, ttlMs, received) {
      store.assertOpen()
      await pending.add({ user, device, now, ttlMs, received })
    },
    close: pending.close,
  }
}

async function writeTouch(store: Store, keys: Keys, { user, device, now, ttlMs, received }: Touch): Promise<void> {
  await store.run({
    script: scripts.sessionTouch,
    partition: keys.partitionOf(user),
    keys: [keys.session(user, device)],
    args: [String(now), String(ttlMs), String(keptMs(ttlMs)), ...[...received].flat()],
  })
}

const keptMs = (ttlMs: number): number => Math.max(ttlMs, receivedTtlMs)
