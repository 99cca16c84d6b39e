/** Two devices on one thread of LangChain's server, each with an SDK client of its own. */
import { until } from "@everthread/stage"
import type { ChurnNode } from "../churn/contestant.ts"
import type { RunThread } from "../churn/run-stage.ts"
import type { Way } from "../churn/way.ts"
import { SdkDevice } from "./langgraph-server-device.ts"
import { graphName, type LanggraphSdk, question } from "./langgraph-server-sdk.ts"

export async function beginThread(
  Client: LanggraphSdk["Client"],
  node: ChurnNode,
  isKept: (thread: string) => boolean,
  ways: readonly [Way, Way],
): Promise<RunThread> {
  const clientOn = (way: Way) =>
    new Client({ apiUrl: `http://127.0.0.1:${way.port}`, callerOptions: { maxRetries: 0 } })
  const [asking, watching] = [clientOn(ways[0]), clientOn(ways[1])]
  const { thread_id: thread } = await asking.threads.create()
  // It is written some seconds after it was made. A thread that people have used for a while is.
  await until("the thread to be written", async () => isKept(thread))
  const closed = new AbortController()
  const asker = new SdkDevice(asking, thread, closed.signal)
  const watcher = new SdkDevice(watching, thread, closed.signal)
  return {
    devices: [asker, watcher],
    async ask() {
      void asker.ask()
      void watcher.watch()
    },
    get speaking() {
      return asker.words.length > 0 ? node : undefined
    },
    async takesAnother() {
      const taken = asking.runs.create(thread, graphName, { ...question, multitaskStrategy: "reject" })
      return taken.then(
        () => true,
        () => false,
      )
    },
    close: () => closed.abort(),
  }
}
