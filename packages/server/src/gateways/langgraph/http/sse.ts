/** A thread's events as Server-Sent Events: one stream is one subscription, and ends with its connection. (SPEC LGR3) */
import type { ConversationState, WireError } from "@everthread/protocol"
import { EventStreamResponse, type ResponseOptions } from "../../http/event-stream-response.ts"
import { sseFraming } from "../events/encode.ts"
import { EventStream } from "../events/event-stream.ts"
import type { Filter } from "../events/filter.ts"

export interface SseOptions extends ResponseOptions {
  readonly filter: Filter
  readonly state: ConversationState
  /** The position after which the client wants to be told. */
  readonly since: number | undefined
}

export class SseConnection {
  readonly #options: SseOptions
  readonly #response: EventStreamResponse
  readonly #stream: EventStream

  constructor(options: SseOptions) {
    this.#options = options
    const stream: EventStream = new EventStream({
      framing: sseFraming,
      send: (bytes) => this.#response.send(bytes),
      follow: (cursor) => this.#response.follow(cursor),
      unfollow: () => undefined,
    })
    this.#stream = stream
    this.#response = new EventStreamResponse(options, {
      deliver: (conversation, frame) => stream.deliver(conversation, frame),
      snapshot: (_conversation, reason, cursor, stateJson) =>
        stream.snapshot(reason, cursor, JSON.parse(stateJson) as ConversationState),
      upToDate: (_conversation, cursor) => stream.upToDate(cursor),
      failure: failed,
    })
  }

  start(): void {
    const { filter, state, since } = this.#options
    this.#response.start()
    this.#stream.add("stream", filter, state, since)
  }

  /** Whatever the reason: the client comes back if it wants more. */
  end(): void {
    this.#response.end()
  }
}

/** For people who look; stock clients only see that it ends. */
function failed(error: WireError): Uint8Array {
  return Buffer.from(`event: error\ndata: ${JSON.stringify({ type: "error", id: null, ...error })}\n\n`)
}
