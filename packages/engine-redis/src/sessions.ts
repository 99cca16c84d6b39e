/** The port of the simple protocol's sessions on Redis. */
import type { Sessions } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import type { Store } from "./store.ts"

export function sessions(store: Store, _keys: Keys): Sessions {
  return {
    async open() {
      store.assertOpen()
      throw new Error("not yet")
    },
    async touch() {
      store.assertOpen()
      throw new Error("not yet")
    },
  }
}
