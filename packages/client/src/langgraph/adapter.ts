/**
 * LangChain's `AgentServerAdapter` over our own client: what `useStream` takes as its `transport`.
 *
 * It has no socket: commands become calls of the client, and the client's log becomes events. So a lost connection, another
 * node, a drop in the middle of an answer are the client's matter, and LangChain's side never hears of them. One adapter
 * is for one hook: it is in one thread at a time, and may be bound to the next one.
 *
 * The shapes are LangChain's, told by their structure: nothing of it is imported.
 */
import { failure, success } from "@everthread/protocol/langgraph"
import type { Client } from "../client.ts"
import { asWireError } from "../entrance.ts"
import { execute } from "./commands.ts"
import { ThreadSession } from "./thread-session.ts"

/** A command as LangChain's side sends it. */
export interface StockCommand {
  readonly id: number
  readonly method: string
  readonly params?: unknown
}

export class ConversationAdapter {
  readonly #client: Client
  #thread: string
  #session: ThreadSession | undefined

  constructor(client: Client, thread: string) {
    this.#client = client
    this.#thread = thread
  }

  get threadId(): string {
    return this.#thread
  }

  setThreadId(thread: string): void {
    if (thread === this.#thread) return
    this.#end()
    this.#thread = thread
  }

  /** There is nothing to open: the client connects by itself. */
  async open(): Promise<void> {}

  /** @returns the answer: one of LangChain's shapes, whatever version of them the page has. */
  async send({ id, method, params }: StockCommand): Promise<never> {
    const session = this.#open()
    const context = { client: this.#client, thread: this.#thread, subscribe: () => session.subscribe() }
    try {
      return success(id, { result: await execute(context, method, params) }) as never
    } catch (error) {
      return failure(id, asWireError(error)) as never
    }
  }

  /** @returns events in LangChain's shapes, until the thread is left. */
  events(): AsyncIterable<never> {
    return parsed(this.#open().batches)
  }

  async close(): Promise<void> {
    this.#end()
  }

  #open(): ThreadSession {
    if (this.#thread === "") throw new Error("The adapter is in no thread: name one, or let the hook do it")
    this.#session ??= new ThreadSession(this.#client, this.#thread)
    return this.#session
  }

  #end(): void {
    this.#session?.close()
    this.#session = undefined
  }
}

/** Each reader's own copy: what the log holds is immutable, and what LangChain's side does with an event is its own affair. */
async function* parsed(batches: AsyncIterable<readonly string[]>): AsyncGenerator<never> {
  for await (const texts of batches) for (const text of texts) yield JSON.parse(text) as never
}
