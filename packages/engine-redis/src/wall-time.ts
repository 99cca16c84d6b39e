/** What the server's clock says, of whichever master has the first partition. */
import type { Engine } from "@everthread/engine"
import type { Keys } from "./keys.ts"
import { scripts } from "./script.ts"
import type { Store } from "./store.ts"

const partition = 0

export const wallTime =
  (store: Store, keys: Keys): Engine["wallTime"] =>
  async () => {
    const { list } = await store.run({ script: scripts.time, partition, keys: [keys.openRuns(partition)], args: [] })
    const [seconds, microseconds] = list.map(Number)
    return Math.floor((seconds ?? 0) * 1_000 + (microseconds ?? 0) / 1_000)
  }
