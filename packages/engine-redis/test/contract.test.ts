/** The engine on Redis keeps the contract that every engine keeps. */
import { engineContract } from "@everthread/engine/contract"
import { openRedisEngine } from "../src/index.ts"

const url = "redis://127.0.0.1:7999"

engineContract("Redis", async () => {
  const engine = await openRedisEngine({ url })
  const opened = [engine]
  return {
    engine,
    async reopen() {
      await Promise.all(opened.map((one) => one.close()))
      const again = await openRedisEngine({ url })
      opened.push(again)
      return again
    },
    close: async () => void (await Promise.all(opened.map((one) => one.close()))),
  }
})
