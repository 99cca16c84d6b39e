/** LangGraph's own validation suite for checkpoint savers. */
import { deltaChannelHistoryTests, specTest } from "@langchain/langgraph-checkpoint-validation"
import { EmbeddedSaver } from "../src/checkpoints/index.ts"
import { type EmbeddedEngine, openEmbeddedEngine } from "../src/index.ts"
import { freshFolder } from "./folders.ts"

const engines = new Map<EmbeddedSaver, EmbeddedEngine>()

const initializer = {
  checkpointerName: "@everthread/engine-embedded",
  async createCheckpointer() {
    const engine = await openEmbeddedEngine({ folder: freshFolder() })
    const saver = new EmbeddedSaver(engine)
    engines.set(saver, engine)
    return saver
  },
  async destroyCheckpointer(saver: EmbeddedSaver) {
    await engines.get(saver)?.close()
  },
}

specTest(initializer)
deltaChannelHistoryTests(initializer)
