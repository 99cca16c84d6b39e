/** The store dies without a word, and starts again from what it has on its disk. */
import type { Nemesis } from "./nemesis.ts"
import { begun } from "./take-one.ts"

export const killStore: Nemesis = {
  name: "kill-store",
  about: "Redis is killed (SIGKILL), and started again later with what it has on its disk",
  lastsMs: { least: 300, most: 4_000 },
  unfit: ({ store }) => (store.kind === "redis" ? undefined : "there is no single Redis that everything stands on"),
  async begin({ store, take }) {
    const giveBack = store.kind === "redis" ? take("store") : undefined
    if (store.kind !== "redis" || !giveBack) return undefined
    const { server } = store
    return begun("redis", { giveBack }, async () => {
      await server.kill()
      return { what: "killed (SIGKILL)", mend: () => server.restart() }
    })
  },
}
