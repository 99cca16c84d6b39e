/** The time that an adapter spends in one thread: it is followed from the first to the last moment of it, and told when asked. */
import type { Client } from "../client.ts"
import { enter } from "../entrance.ts"
import { followersOf } from "../followers.ts"
import { UpdateStream } from "../update-stream.ts"
import { ThreadEvents } from "./thread-events.ts"

export class ThreadSession {
  /** Frames as they would come over a socket, several at a time. */
  readonly batches: UpdateStream<readonly string[]>
  readonly #client: Client
  readonly #thread: string
  #events: ThreadEvents | undefined
  #isClosed = false
  #subscriptions = 0

  constructor(client: Client, thread: string) {
    this.#client = client
    this.#thread = thread
    const release = followersOf(client).follow(thread, () => {})
    this.batches = new UpdateStream(() => {
      this.#isClosed = true
      this.#events?.close()
      release()
    })
  }

  /** Has the shown run told from its beginning, then what is new. @returns the subscription's id. */
  async subscribe(): Promise<string> {
    const conversation = await enter(this.#client, this.#thread)
    if (!this.#isClosed) {
      this.#events ??= new ThreadEvents(conversation, (texts) => this.batches.push(texts))
      this.#events.replay()
    }
    this.#subscriptions += 1
    return `subscription-${this.#subscriptions}`
  }

  close(): void {
    this.batches.end()
  }
}
