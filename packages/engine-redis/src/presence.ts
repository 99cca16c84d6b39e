/** The port of presence on Redis. */
import type { Presence } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import type { Store } from "./store.ts"

export function presence(store: Store, _keys: Keys): Presence {
  const notYet = async (): Promise<never> => {
    store.assertOpen()
    throw new Error("not yet")
  }
  return { enter: notYet, leave: notYet, present: notYet, onGone: () => () => undefined }
}
