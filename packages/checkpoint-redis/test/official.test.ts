/** LangGraph's own validation suite for checkpoint savers, on every kind of server. */
import { deltaChannelHistoryTests, specTest } from "@langchain/langgraph-checkpoint-validation"
import type { RedisSaver } from "../src/index.ts"
import { saverOn, stores, type TestStore } from "./servers.ts"

describe.each(stores)("on %s", (name, start) => {
  let store: TestStore
  beforeAll(async () => {
    store = await start()
  })
  afterAll(() => store.stop())

  const initializer = {
    checkpointerName: `@everthread/checkpoint-redis on ${name}`,
    createCheckpointer: () => saverOn(store),
    async destroyCheckpointer(_saver: RedisSaver) {
      await store.all("FLUSHALL")
    },
  }

  specTest(initializer)
  deltaChannelHistoryTests(initializer)
})
