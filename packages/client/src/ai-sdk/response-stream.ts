/**
 * One response stream as the AI SDK reads it: fed by the changes of the conversation, until its run has ended or the page
 * lets go of it. Letting go by the abort signal is a person's stop; merely reading no more is not.
 */
import type { Chunk, RunStream } from "@everthread/protocol/ai-sdk"
import type { Client } from "../client.ts"
import { errorOf } from "../entrance.ts"
import { RequestError } from "../errors.ts"
import { followersOf } from "../followers.ts"

export interface ResponseOptions {
  readonly client: Client
  readonly chatId: string
  readonly stream: RunStream
  readonly abortSignal: AbortSignal | undefined
  /** The person wants this run to stop. */
  stop(run: string): void
}

export function responseStream(options: ResponseOptions): ReadableStream<never> {
  const response = new Response(options)
  return new ReadableStream<Chunk>({
    start: (controller) => response.start(controller),
    cancel: () => response.end(),
  }) as ReadableStream<never>
}

class Response {
  readonly #options: ResponseOptions
  #controller: ReadableStreamDefaultController<Chunk> | undefined
  #release: (() => void) | undefined
  /** The page reads no more, and waits for the run to be known, to be stopped. */
  #isAborted = false

  constructor(options: ResponseOptions) {
    this.#options = options
  }

  start(controller: ReadableStreamDefaultController<Chunk>): void {
    const { client, chatId, abortSignal } = this.#options
    this.#controller = controller
    this.#release = followersOf(client).follow(chatId, this.#look)
    abortSignal?.addEventListener("abort", this.#abort, { once: true })
    if (abortSignal?.aborted) this.#abort()
    else this.#look()
  }

  end(): void {
    this.#options.abortSignal?.removeEventListener("abort", this.#abort)
    this.#release?.()
    this.#release = undefined
    this.#controller = undefined
  }

  readonly #look = (): void => {
    const { client, chatId, stream } = this.#options
    if (this.#release === undefined) return
    const view = client.conversation(chatId).snapshot()
    if (view.status === "closed") return this.#fail(new RequestError(errorOf(view)))
    if (view.cursor === undefined) return
    const { chunks, end } = stream.take(view.state, view.cursor)
    if (this.#isAborted) return this.#stopIfKnown(end !== undefined)
    for (const chunk of chunks) this.#controller?.enqueue(chunk)
    if (end) this.#close()
  }

  readonly #abort = (): void => {
    this.#isAborted = true
    this.#controller?.close()
    this.#controller = undefined
    this.#look()
  }

  #stopIfKnown(isOver: boolean): void {
    const { stream, stop } = this.#options
    if (stream.run !== undefined && !isOver) stop(stream.run)
    if (stream.run !== undefined || isOver) this.end()
  }

  #close(): void {
    this.#controller?.close()
    this.end()
  }

  #fail(error: RequestError): void {
    this.#controller?.error(error)
    this.end()
  }
}
