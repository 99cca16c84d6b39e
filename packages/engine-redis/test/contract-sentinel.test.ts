/** The engine on a master that three sentinels watch over keeps the contract that every engine keeps. */
import { startSentinels } from "@everthread/stage"
import { contractOn } from "./support/contract-on.ts"

contractOn("Redis with Sentinel", async () => {
  const group = await startSentinels()
  const seeds = group.sentinels.map(({ port }) => `127.0.0.1:${port}`)
  return { url: `redis://${seeds.join(",")}?sentinel=${group.name}`, stop: () => group.stop() }
})
