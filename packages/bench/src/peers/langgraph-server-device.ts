/**
 * One device on a thread of LangChain's server, as its documentation says that streams are joined and joined again: a
 * resumable stream, `lastEventId`, and the run's status to know whether there is more to come. Of what is streamed it
 * shows what the stock hook shows: chunks are put together by message, `values` replace them.
 *
 * https://docs.langchain.com/oss/python/langchain/frontend/join-rejoin
 */
import { setTimeout as pause } from "node:timers/promises"
import { until } from "@everthread/stage"
import { type RunDevice, wordsOf } from "../churn/run-stage.ts"
import {
  graphName,
  question,
  type SdkClient,
  type SdkEvent,
  type SdkMessage,
  type Values,
} from "./langgraph-server-sdk.ts"

const streamMode = ["messages-tuple", "values"]
const againMs = 100

export class SdkDevice implements RunDevice {
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
    await this.#show(this.#client.runs.stream(this.#thread, graphName, { ...question, ...how })).catch(() => undefined)
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
