/** Harnesses that are closed when the test that opened them is over. */
import type { Engine } from "@everthread/engine"
import type { BaseCheckpointSaver } from "@langchain/langgraph"
import { Harness } from "./harness.ts"

/** What is to stand in the place of the store's own. */
interface Wraps {
  readonly engine?: (engine: Engine) => Engine
  readonly saver?: (saver: BaseCheckpointSaver, own: Harness) => BaseCheckpointSaver
}

const open: Harness[] = []
afterEach(async () => {
  for (const harness of open.splice(0)) await harness.close()
})

export async function openHarness({ engine = (own) => own, saver = (own) => own }: Wraps = {}): Promise<Harness> {
  const own = await Harness.open()
  const opened = new Harness(own.folder, engine(own.engine), saver(own.saver, own))
  open.push(opened)
  return opened
}
