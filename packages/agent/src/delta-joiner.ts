/**
 * Events that wait to be appended, in order, with deltas joined to the delta they continue. Pure.
 *
 * Joining never moves anything: only neighbours are joined, so a message's start stays before its
 * text and its finish after it. (SPEC FRM3)
 */
import type { EventBody, EventOf } from "@everthread/protocol"
import { outputLimits } from "./options.ts"

export class DeltaJoiner {
  #waiting: EventBody[] = []
  #chars = 0
  #urgent = 0

  add(body: EventBody): void {
    if (body.type !== "delta") {
      if (!isPatient(body)) this.#urgent += 1
      this.#waiting.push(body)
      return
    }
    this.#chars += body.text.length
    // Somebody waits for the first words of an answer; whoever reads the next ones is busy reading.
    if (body.at === 0) this.#urgent += 1
    const last = this.#waiting.at(-1)
    const both = last?.type === "delta" ? join(last, body) : undefined
    if (both) this.#waiting[this.#waiting.length - 1] = both
    else this.#waiting.push(body)
  }

  /** Text that waits, in characters. */
  get chars(): number {
    return this.#chars
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0
  }

  /** Whether something waits that should not wait. */
  get isUrgent(): boolean {
    return this.#urgent > 0
  }

  /** @returns everything that waited. */
  take(): EventBody[] {
    const taken = this.#waiting
    this.#waiting = []
    this.#chars = 0
    this.#urgent = 0
    return taken
  }
}

/**
 * That a part of the graph, a message or a block of one begins or is done: it goes with what is said next, or when the
 * window closes. The beginning of a message goes with its first words, its end with the checkpoint behind it.
 */
function isPatient(body: EventBody): boolean {
  return body.type === "agent" && (body.method === "lifecycle" || body.method === "messages")
}

function join(first: EventOf<"delta">, second: EventOf<"delta">): EventOf<"delta"> | undefined {
  if (first.message !== second.message || first.block !== second.block) return undefined
  if (first.at + first.text.length !== second.at) return undefined
  if (first.text.length + second.text.length > outputLimits.deltaCharsMax) return undefined
  return { ...first, text: first.text + second.text }
}
