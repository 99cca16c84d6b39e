/** Writes down what becomes known of a run, as it becomes known, and counts it. Without a folder it only counts. */
import { once } from "node:events"
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs"
import { join } from "node:path"
import type { Clock } from "@everthread/protocol"
import type { OperationLine, RecordLine } from "./record.ts"

type Asked = Pick<OperationLine, "device" | "conversation" | "kind" | "node">
export type Settled = Pick<OperationLine, "outcome" | "code">

export class Recorder {
  operations = 0
  acknowledged = 0
  readonly #clock: Clock
  readonly #beganMs: number
  readonly #out: WriteStream | undefined
  /** Those whose outcome is not known yet. */
  readonly #open = new Set<OperationLine>()

  /** @param folder is made where it is not there. */
  constructor(clock: Clock, folder: string | undefined) {
    this.#clock = clock
    this.#beganMs = clock.monotonic()
    if (folder !== undefined) mkdirSync(folder, { recursive: true })
    this.#out = folder === undefined ? undefined : createWriteStream(join(folder, "history.jsonl"))
  }

  /** Since the run began. */
  get nowMs(): number {
    return Math.round(this.#clock.monotonic() - this.#beganMs)
  }

  note(line: RecordLine): void {
    this.#out?.write(`${JSON.stringify(line)}\n`)
  }

  /** Somebody asks for something now. @returns to be called when its outcome is known. */
  asked(asked: Asked): (settled: Settled) => void {
    const line: OperationLine = { type: "operation", ...asked, fromMs: this.nowMs, outcome: "unknown" }
    if (asked.kind !== "first token") this.operations += 1
    this.#open.add(line)
    return (settled) => {
      if (!this.#open.delete(line)) return
      if (settled.outcome === "ok" && asked.kind !== "first token") this.acknowledged += 1
      this.note({ ...line, ...settled, toMs: this.nowMs })
    }
  }

  /** Nobody will hear any more of what is open. */
  giveUp(): void {
    for (const line of this.#open) this.note(line)
    this.#open.clear()
  }

  async close(): Promise<void> {
    if (!this.#out) return
    this.#out.end()
    await once(this.#out, "close")
  }
}
