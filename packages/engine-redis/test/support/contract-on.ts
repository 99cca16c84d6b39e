/**
 * Runs the whole contract against one kind of deployment, whose servers are started for it.
 *
 * The tests share an engine, because it costs a second to get all connections to a Cluster; what one of them has closed is
 * opened anew for the next. Their conversations and users are their own.
 */
import { EngineError } from "@everthread/engine"
import { engineContract } from "@everthread/engine/contract"
import { openRedisEngine, type RedisEngine, type RedisEngineOptions } from "../../src/index.ts"

export interface Deployment {
  readonly url: string
  stop(): Promise<void>
}

export function contractOn(
  name: string,
  start: () => Promise<Deployment>,
  options: Omit<RedisEngineOptions, "url"> = {},
): void {
  let deployment: Deployment | undefined
  let shared: RedisEngine | undefined
  const open = () => openRedisEngine({ ...options, url: deployment?.url ?? "" })
  beforeAll(async () => {
    deployment = await start()
  })
  afterAll(async () => {
    await shared?.close()
    await deployment?.stop()
  })

  engineContract(name, async () => {
    const engine = shared && (await isOpen(shared)) ? shared : await open()
    shared = engine
    return {
      engine,
      async reopen() {
        await engine.close()
        shared = await open()
        return shared
      },
      close: async () => undefined,
    }
  })
}

async function isOpen(engine: RedisEngine): Promise<boolean> {
  try {
    await engine.log.head("nothing")
    return true
  } catch (error) {
    if (error instanceof EngineError && error.code === "closed") return false
    throw error
  }
}
