/**
 * The body of an answer as the stock agent reads it: fed by the changes of the log, until what it is about has ended.
 *
 * A person's abort stops a run, and its end is then told like any other. A connection just ends, as a broken request would.
 */
import { type ConversationState, reduce } from "@everthread/protocol"
import { type AgUiEvent, jumpOf, toldOf } from "@everthread/protocol/ag-ui"
import type { Client } from "../client.ts"
import type { ConversationUpdate } from "../conversation-model.ts"
import { asWireError, errorOf } from "../entrance.ts"
import { followersOf } from "../followers.ts"
import type { Told } from "./conversation-fetch.ts"

export function toldBody(
  client: Client,
  thread: string,
  told: Told,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  const body = new Body(client, thread, told)
  return new ReadableStream<Uint8Array>({
    start: (controller) => body.start(controller, signal),
    cancel: () => body.end(),
  })
}

class Body {
  readonly #client: Client
  readonly #thread: string
  readonly #told: Told
  readonly #encoder = new TextEncoder()
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #release: () => void = () => {}

  constructor(client: Client, thread: string, told: Told) {
    this.#client = client
    this.#thread = thread
    this.#told = told
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>, signal: AbortSignal | undefined): void {
    this.#controller = controller
    const conversation = this.#client.conversation(this.#thread)
    // Heard before it is looked at: nothing is missed, and nothing is told twice, in one step.
    const updates = conversation.events()
    const release = followersOf(this.#client).follow(this.#thread, () => this.#lookWhetherClosed())
    const abort = () => this.#abort()
    signal?.addEventListener("abort", abort, { once: true })
    this.#release = () => {
      signal?.removeEventListener("abort", abort)
      void updates.return?.()
      release()
    }
    const { state } = conversation.snapshot()
    this.#say(this.#told.plan.begin(state), state)
    if (signal?.aborted) abort()
    void this.#follow(updates, state)
  }

  end(): void {
    this.#controller = undefined
    this.#release()
  }

  async #follow(updates: AsyncIterable<ConversationUpdate>, from: ConversationState): Promise<void> {
    let shown = from
    try {
      for await (const update of updates) shown = this.#take(update, shown)
      this.#close()
    } catch (error) {
      this.#fail(asWireError(error))
    }
  }

  #take(update: ConversationUpdate, shown: ConversationState): ConversationState {
    const { view } = this.#told.plan
    if (update.type === "snapshot") {
      this.#say(jumpOf(shown, update.state, view), update.state)
      return update.state
    }
    let state = shown
    for (const event of update.events) {
      const before = state
      state = reduce(before, event)
      this.#say(toldOf(event, before, state, view), state)
    }
    return state
  }

  /** Once it is over nothing more is said. */
  #say(events: readonly AgUiEvent[], state: ConversationState): void {
    const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")
    if (text !== "") this.#controller?.enqueue(this.#encoder.encode(text))
    if (this.#told.plan.isOver(state)) this.#close()
  }

  #close(): void {
    this.#controller?.close()
    this.end()
  }

  #abort(): void {
    const { stop } = this.#told
    if (stop) return stop()
    this.#controller?.error(new DOMException("The connection was ended.", "AbortError"))
    this.end()
  }

  #lookWhetherClosed(): void {
    const view = this.#client.conversation(this.#thread).snapshot()
    if (view.status === "closed") this.#fail(errorOf(view))
  }

  #fail({ message, code }: { readonly message: string; readonly code: string }): void {
    const event: AgUiEvent = { type: "RUN_ERROR", message, code }
    this.#controller?.enqueue(this.#encoder.encode(`data: ${JSON.stringify(event)}\n\n`))
    this.#close()
  }
}
