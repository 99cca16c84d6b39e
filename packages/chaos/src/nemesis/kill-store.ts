/** The store dies without a word, and starts again from what it has on its disk. */
import type { Nemesis } from "./nemesis.ts"
import { holdStore } from "./store/hold-store.ts"
import { onlyOn } from "./store/servers.ts"

export const killStore: Nemesis = {
  name: "kill-store",
  about: "Redis is killed (SIGKILL), and started again later with what it has on its disk",
  lastsMs: { least: 300, most: 4_000 },
  unfit: onlyOn("redis"),
  begin: (deployment) =>
    holdStore(deployment, async () => {
      const { store } = deployment
      if (store.kind !== "redis") return undefined
      await store.server.kill()
      return { what: "killed (SIGKILL)", heal: () => store.server.restart() }
    }),
}
