/** The store stands still: connections stay open, nothing is answered, and what was asked meanwhile is done afterwards. */
import type { Nemesis } from "./nemesis.ts"
import { begun } from "./take-one.ts"

export const pauseStore: Nemesis = {
  name: "pause-store",
  about: "Redis stands still (SIGSTOP), and then does what it was asked meanwhile",
  lastsMs: { least: 500, most: 6_000 },
  unfit: ({ store }) => (store.kind === "redis" ? undefined : "there is no single Redis that everything stands on"),
  async begin({ store, take }) {
    const giveBack = store.kind === "redis" ? take("store") : undefined
    if (store.kind !== "redis" || !giveBack) return undefined
    const { server } = store
    return begun("redis", { giveBack }, async () => {
      await server.freeze()
      return { what: "stopped where it was (SIGSTOP)", mend: async () => server.thaw() }
    })
  },
}
