/** The store stands still: connections stay open, nothing is answered, and what was asked meanwhile is done afterwards. */
import type { Nemesis } from "./nemesis.ts"
import { holdStore } from "./store/hold-store.ts"
import { onlyOn } from "./store/servers.ts"

export const pauseStore: Nemesis = {
  name: "pause-store",
  about: "Redis stands still (SIGSTOP), and then does what it was asked meanwhile",
  lastsMs: { least: 500, most: 6_000 },
  unfit: onlyOn("redis"),
  begin: (deployment) =>
    holdStore(deployment, async () => {
      const { store } = deployment
      if (store.kind !== "redis") return undefined
      await store.server.freeze()
      return { what: "stopped where it was (SIGSTOP)", heal: async () => store.server.thaw() }
    }),
}
