/**
 * Two devices on one thread of LangChain's server, by its SDK and as its documentation says that streams are joined and
 * joined again: a resumable stream, `lastEventId`, and the run's status to know whether there is more to come. Of what is
 * streamed they show what the stock hook shows: chunks are put together by message, `values` replace them.
 *
 * https://docs.langchain.com/langsmith/streaming and https://docs.langchain.com/oss/javascript/langchain/streaming/frontend
 */
import { setTimeout as pause } from "node:timers/promises"
import { until } from "@everthread/stage"
import type { ChurnNode } from "../churn/contestant.ts"
import { type RunDevice, type RunThread, wordsOf } from "../churn/run-stage.ts"
import type { Way } from "../churn/way.ts"

/** As much of the package `@langchain/langgraph-sdk` as is used here. */
export interface LanggraphSdk {
  readonly Client: new (options: { apiUrl: string; callerOptions: { maxRetries: number } }) => SdkClient
}

interface SdkClient {
  readonly threads: {
    create(): Promise<{ readonly thread_id: string }>
    getState(thread: string): Promise<{ readonly values: Partial<Values> }>
  }
  readonly runs: {
    stream(thread: string, graph: string, options: object): AsyncIterable<SdkEvent>
    joinStream(thread: string, run: string, options: object): AsyncIterable<SdkEvent>
    list(thread: string): Promise<readonly { readonly run_id: string }[]>
    get(thread: string, run: string): Promise<{ readonly status: string }>
    create(thread: string, graph: string, options: object): Promise<unknown>
  }
}

interface SdkEvent {
  readonly id?: string
  readonly event: string
  readonly data: unknown
}

interface Values {
  readonly messages: readonly SdkMessage[]
}

interface SdkMessage {
  readonly id: string
  readonly type: string
  readonly content: string
}

const streamMode = ["messages-tuple", "values"]
const againMs = 100
const question = { input: { messages: [{ role: "user", content: "count" }] } }

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
      const taken = asking.runs.create(thread, "counter", { ...question, multitaskStrategy: "reject" })
      return taken.then(
        () => true,
        () => false,
      )
    },
    close: () => closed.abort(),
  }
}

class SdkDevice implements RunDevice {
  isOver = false
  readonly #client: SdkClient
  readonly #thread: string
  readonly #closed: AbortSignal
  /** By message, in the order in which they came. */
  readonly #texts = new Map<string, string>()
  #run: string | undefined
  #lastEventId = "-1"

  constructor(client: SdkClient, thread: string, closed: AbortSignal) {
    this.#client = client
    this.#thread = thread
    this.#closed = closed
  }

  get words(): readonly string[] {
    return wordsOf([...this.#texts.values()])
  }

  async reloaded(): Promise<readonly string[]> {
    const state = await until("the thread's state", () => orGone(this.#client.threads.getState(this.#thread)))
    return state === gone ? [] : wordsOf(spokenIn(state.values).map(({ content }) => content))
  }

  async ask(): Promise<void> {
    const onRunCreated = ({ run_id }: { run_id: string }) => {
      this.#run = run_id
    }
    const how = { streamMode, streamResumable: true, onDisconnect: "continue", onRunCreated, signal: this.#closed }
    await this.#show(this.#client.runs.stream(this.#thread, "counter", { ...question, ...how })).catch(() => undefined)
    if (this.#run !== undefined) this.isOver = await this.#hasEnded(this.#run)
    await this.#goOn()
  }

  /** As soon as there is a run, from its beginning. */
  async watch(): Promise<void> {
    while (this.#run === undefined && !this.#closed.aborted) {
      const runs = await this.#client.runs.list(this.#thread).catch(() => [])
      this.#run = runs[0]?.run_id
      if (this.#run === undefined) await pause(againMs)
    }
    await this.#goOn()
  }

  /** Joins again and again, also for what is left of a run that has ended, until it is said to have. */
  async #goOn(): Promise<void> {
    const run = this.#run
    while (run !== undefined && !this.isOver && !this.#closed.aborted) {
      const how = { streamMode, lastEventId: this.#lastEventId, signal: this.#closed }
      const joined = await orGone(this.#show(this.#client.runs.joinStream(this.#thread, run, how))).catch(() => "cut")
      this.isOver = joined !== "cut" && (await this.#hasEnded(run))
      if (!this.isOver) await pause(againMs)
    }
  }

  /** What is not there any more has ended, too: the device is told so, and need not wait. */
  async #hasEnded(run: string): Promise<boolean> {
    const now = await orGone(this.#client.runs.get(this.#thread, run)).catch(() => undefined)
    return now === gone || (now !== undefined && !["pending", "running"].includes(now.status))
  }

  async #show(events: AsyncIterable<SdkEvent>): Promise<void> {
    for await (const { id, event, data } of events) {
      if (id !== undefined && id !== "") this.#lastEventId = id
      if (event === "values") this.#replace(data as Values)
      if (event === "messages") this.#add((data as [SdkMessage])[0])
    }
  }

  #add({ id, type, content }: SdkMessage): void {
    if (type.startsWith("AI") || type === "ai") this.#texts.set(id, (this.#texts.get(id) ?? "") + content)
  }

  #replace(values: Partial<Values>): void {
    this.#texts.clear()
    for (const { id, content } of spokenIn(values)) this.#texts.set(id, content)
  }
}

const gone = "gone"
const notFound = 404

async function orGone<Answer>(asked: Promise<Answer>): Promise<Answer | typeof gone> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && "status" in error && error.status === notFound) return gone
    throw error
  }
}

const spokenIn = ({ messages = [] }: Partial<Values>): readonly SdkMessage[] =>
  messages.filter(({ type }) => type === "ai")
