/** The engine keeps its contract with durability `replicated`. */
import { startRedis, startReplica } from "@everthread/stage"
import { contractOn } from "./support/contract-on.ts"

contractOn(
  "Redis with a replica that is waited for",
  async () => {
    const master = await startRedis()
    const replica = await startReplica(master)
    return { url: master.url, stop: async () => void (await Promise.all([master.stop(), replica.stop()])) }
  },
  { durability: "replicated" },
)
