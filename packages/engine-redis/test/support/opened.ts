/** An engine of a test whose deadline is short: that is for what is tested, and not for a busy machine's first connections. */
import { EngineError } from "@everthread/engine"
import { openRedisEngine, type RedisEngine, type RedisEngineOptions } from "../../src/index.ts"

/** Tries until all connections are there. */
export async function opened(options: RedisEngineOptions): Promise<RedisEngine> {
  for (;;) {
    const engine = await openRedisEngine(options).catch((error: unknown) => {
      if (!(error instanceof EngineError) || error.code !== "unavailable") throw error
      return undefined
    })
    if (engine) return engine
  }
}
