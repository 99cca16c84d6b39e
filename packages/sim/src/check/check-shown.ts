/**
 * Whatever a device shows of an answer, at whatever moment, is how the answer begins: nothing in it is doubled, and what
 * a dead attempt had said is gone before it is said again. (SPEC FRM4, RUN3)
 */
import { type ChatMessage, emptyState, type LogEvent, limits, reduce, textOf } from "@everthread/protocol"
import { type DeviceHistory, type Expected, type Finding, type History, nameOf } from "../history/history.ts"

/** What each run of the log is to answer. */
type Answers = ReadonlyMap<string, readonly string[]>

export function checkShown({ conversation, log, devices }: History, { answer }: Expected): Finding[] {
  const events = log.map(({ event }) => event)
  const texts = new Map(events.flatMap((event) => (event.type === "message" ? [[event.id, event.text] as const] : [])))
  const answers: Answers = new Map(
    events.flatMap((event) => {
      const asked = event.type === "run.queued" ? texts.get(event.message) : undefined
      return event.type === "run.queued" && asked !== undefined ? [[event.run, answer(asked)] as const] : []
    }),
  )
  return devices.flatMap((device) => {
    const [first] = faultsOf(device, answers)
    return first === undefined ? [] : [{ law: "shown", conversation, device: nameOf(device), what: first }]
  })
}

function* faultsOf({ steps }: DeviceHistory, answers: Answers): Generator<string> {
  let state = emptyState
  const shown = new ShownAnswers()
  for (const step of steps) {
    if (step.type === "snapshot") {
      state = { ...emptyState, messages: [...step.messages] }
      shown.startOver(step.messages)
    }
    for (const event of step.type === "events" ? step.events : []) {
      state = reduce(state, event)
      const run = shown.take(event, state.messages)
      const right = run && answers.get(run)
      const texts = run ? shown.of(run) : undefined
      if (right && texts && !isBeginning(texts, right)) yield `at ${event.seq} shows ${JSON.stringify(texts)} of ${run}`
    }
  }
}

/** The messages of each run, also those that have left the window of the newest ones. */
class ShownAnswers {
  readonly #texts = new Map<string, Map<string, string>>()
  /** Whose first messages may have left the window before the device came. */
  readonly #unknown = new Set<string>()

  startOver(messages: readonly ChatMessage[]): void {
    this.#texts.clear()
    for (const message of messages) {
      if (message.run === undefined) continue
      this.#put(message.run, message)
      if (messages.length >= limits.stateMessagesMax) this.#unknown.add(message.run)
    }
  }

  /** @returns the run whose answer has changed. */
  take(event: LogEvent, messages: readonly ChatMessage[]): string | undefined {
    if (event.type === "rewind") for (const id of event.messages) this.#texts.get(event.run)?.delete(id)
    const id = event.type === "delta" || event.type === "agent" ? event.message : undefined
    const message = messages.findLast((one) => one.id === id)
    if (!message?.run) return undefined
    this.#put(message.run, message)
    return message.run
  }

  of(run: string): readonly string[] | undefined {
    return this.#unknown.has(run) ? undefined : [...(this.#texts.get(run)?.values() ?? [])]
  }

  #put(run: string, message: ChatMessage): void {
    const texts = this.#texts.get(run) ?? new Map<string, string>()
    this.#texts.set(run, texts.set(message.id, textOf(message)))
  }
}

/** Only the last message may be in the making. */
function isBeginning(shown: readonly string[], right: readonly string[]): boolean {
  const last = shown.length - 1
  return shown.every((text, index) => (index < last ? text === right[index] : right[index]?.startsWith(text) === true))
}
