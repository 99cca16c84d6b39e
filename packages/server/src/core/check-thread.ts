/**
 * A thread that checks one answer at a time, and can be ended in the middle of one.
 *
 * A schema is a program of somebody else's: its patterns may take for ever, its references may multiply. In a thread
 * none of that holds up the node's event loop, and its memory is bounded.
 */
import { Worker } from "node:worker_threads"
import type { Clock } from "@everthread/protocol"

export type Checked =
  | { readonly fits: true }
  | { readonly fits: false; readonly path: readonly string[]; readonly reason: string }
  /** The schema is no schema, or checking with it takes more than it may. */
  | { readonly unusable: string }

/** In megabytes: the value and the schema have 80 KB of text together. */
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 }
const file = new URL("../../threads/check-answer.mjs", import.meta.url)

export class CheckThread {
  readonly #worker: Worker
  readonly #ready: Promise<void>
  #over = false

  constructor() {
    this.#worker = new Worker(file, { resourceLimits })
    // It keeps no process alive.
    this.#worker.unref()
    this.#worker.once("exit", () => {
      this.#over = true
    })
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.once("message", () => resolve())
      this.#worker.once("error", reject)
    })
    this.#ready.catch(() => undefined)
  }

  get isOver(): boolean {
    return this.#over
  }

  /** @param timeMsMax how long the check may take, from when the thread runs; then the thread is ended. */
  async check(schema: string, value: string, clock: Clock, timeMsMax: number): Promise<Checked> {
    await this.#ready
    return new Promise((resolve) => {
      const end = (checked: Checked) => {
        clock.stopTimer(timer)
        this.#worker.removeAllListeners("message").removeAllListeners("error")
        this.#worker.on("error", () => undefined)
        resolve(checked)
      }
      const timer = clock.startTimer(timeMsMax, () => {
        this.close()
        end({ unusable: `checking with it takes longer than ${timeMsMax} ms` })
      })
      this.#worker.once("message", end)
      this.#worker.once("error", () => {
        this.#over = true
        end({ unusable: "checking with it takes more memory than it may" })
      })
      this.#worker.postMessage({ schema, value })
    })
  }

  close(): void {
    this.#over = true
    void this.#worker.terminate()
  }
}
