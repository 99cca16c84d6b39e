/**
 * Brings what a graph's superstep writes to the store: in one step, together with the words said before it and with the
 * log's entries that name its checkpoints. (SPEC RUN8)
 *
 * What is handed over in one turn of the event loop goes together: a task's result and the checkpoint that follows it,
 * or the input's checkpoint and the next. Steps follow each other in the order in which they were begun.
 */
import type { EventBody } from "@everthread/protocol"
import type { AttemptRequest } from "../graph.ts"
import type { LogSaver } from "./log-saver.ts"

export class StepWrites<Write> {
  readonly #saver: Pick<LogSaver<Write>, "storeWith">
  readonly #request: Pick<AttemptRequest, "heard" | "append">
  #writes: Write[] = []
  #entries: EventBody[] = []
  #next: Promise<void> | undefined

  constructor(saver: Pick<LogSaver<Write>, "storeWith">, request: Pick<AttemptRequest, "heard" | "append">) {
    this.#saver = saver
    this.#request = request
  }

  /** Resolves when the write is stored, and the entry that names it with it. */
  add(write: Write, entry?: EventBody): Promise<void> {
    this.#writes.push(write)
    if (entry) this.#entries.push(entry)
    this.#next ??= this.#store()
    return this.#next
  }

  /** The write goes with the next one, or by itself if none comes. That it failed is told to whoever writes next. */
  hold(write: Write, entry?: EventBody): void {
    this.add(write, entry).catch(() => undefined)
  }

  async #store(): Promise<void> {
    await this.#request.heard()
    const [writes, entries] = [this.#writes, this.#entries]
    this.#writes = []
    this.#entries = []
    this.#next = undefined
    await this.#request.append(entries, (append) => this.#saver.storeWith(append, writes))
  }
}
