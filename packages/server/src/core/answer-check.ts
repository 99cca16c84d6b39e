/**
 * Whether people's answers fit the schemas of the questions, whatever those schemas are. (SPEC ASK1, ASK2)
 *
 * One check at a time, in a thread that is started when it is first needed and ended when it has nothing to do. A
 * schema with which a check took too long is not tried again for a while, so that it takes no time from others' answers.
 * What waits is bounded.
 */
import { type Clock, type Json, limits, type Timer } from "@everthread/protocol"
import { type Checked, CheckThread } from "./check-thread.ts"

/** `busy`: too many wait; try again later. */
export type AnswerVerdict = Checked | "busy"

const checkMsMax = 1_000
const checksWaitingMax = 256
const idleMs = 30_000
/** How long a schema is left alone with which checking took too long, and how many such are remembered. */
const avoidedMs = 60_000
const avoidedMax = 100

export class AnswerCheck {
  readonly #clock: Clock
  /** Until when a schema is left alone, by the monotonic clock. */
  readonly #avoided = new Map<string, { readonly untilMs: number; readonly why: string }>()
  #thread: CheckThread | undefined
  #idle: Timer | undefined
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async check(schema: { readonly [keyword: string]: Json }, value: Json): Promise<AnswerVerdict> {
    const text = JSON.stringify(schema)
    if (text.length > limits.questionSchemaCharsMax) return { unusable: "it is too long" }
    const avoided = this.#avoided.get(text)
    if (avoided && avoided.untilMs > this.#clock.monotonic()) return { unusable: avoided.why }
    if (this.#waiting >= checksWaitingMax) return "busy"
    this.#waiting += 1
    const checked = this.#last.then(() => this.#next(text, JSON.stringify(value)))
    this.#last = checked.catch(() => undefined)
    return checked.finally(() => {
      this.#waiting -= 1
    })
  }

  async #next(schema: string, value: string): Promise<Checked> {
    if (this.#idle) this.#clock.stopTimer(this.#idle)
    if (!this.#thread || this.#thread.isOver) this.#thread = new CheckThread()
    const checked = await this.#thread.check(schema, value, this.#clock, checkMsMax)
    if (this.#thread.isOver && "unusable" in checked) this.#avoid(schema, checked.unusable)
    this.#idle = this.#clock.startTimer(idleMs, () => this.#rest())
    return checked
  }

  #avoid(schema: string, why: string): void {
    this.#avoided.delete(schema)
    this.#avoided.set(schema, { untilMs: this.#clock.monotonic() + avoidedMs, why })
    const [oldest] = this.#avoided.keys()
    if (oldest !== undefined && this.#avoided.size > avoidedMax) this.#avoided.delete(oldest)
  }

  #rest(): void {
    this.#thread?.close()
    this.#thread = undefined
  }
}
