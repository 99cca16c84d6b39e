/** Runs the whole contract against one kind of deployment, whose servers are started for it. */
import { engineContract } from "@everthread/engine/contract"
import { openRedisEngine, type RedisEngineOptions } from "../../src/index.ts"

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
  beforeAll(async () => {
    deployment = await start()
  })
  afterAll(() => deployment?.stop())

  engineContract(name, async () => {
    const open = () => openRedisEngine({ ...options, url: deployment?.url ?? "" })
    const opened = [await open()]
    const [engine] = opened as [Awaited<ReturnType<typeof open>>]
    const closeAll = () => Promise.all(opened.map((one) => one.close()))
    return {
      engine,
      async reopen() {
        await closeAll()
        const again = await open()
        opened.push(again)
        return again
      },
      close: async () => void (await closeAll()),
    }
  })
}
