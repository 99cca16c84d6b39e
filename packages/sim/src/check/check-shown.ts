/**
 * Whatever a device shows of an answer, at whatever moment, is how the answer begins: nothing in it is doubled, and what
 * a dead attempt had said is gone before it is said again. (SPEC FRM4, RUN3)
 */
import {
  type ChatMessage,
  type ConversationState,
  emptyState,
  type LogEvent,
  limits,
  reduce,
  textOf,
} from "@everthread/protocol"
import { type DeviceHistory, type Expected, type Finding, type History, nameOf } from "../history/history.ts"

/** What each run of the log is to answer. */
type Answers = ReadonlyMap<string, readonly string[]>

export function checkShown({ conversation, log, devices }: History, { answer }: Expected): Finding[] {
  const answers = answersIn(
    log.map(({ event }) => event),
    answer,
  )
  return devices.flatMap((device) => {
    const [first] = faultsOf(device, answers)
    return first === undefined ? [] : [{ law: "shown", conversation, device: nameOf(device), what: first }]
  })
}

function answersIn(events: readonly LogEvent[], answer: Expected["answer"]): Answers {
  const texts = new Map(events.flatMap((event) => (event.type === "message" ? [[event.id, event.text] as const] : [])))
  const asked = new Map<string, { readonly text: string; readonly told: string[] }>()
  for (const event of events) {
    if (event.type === "run.queued") {
      const text = texts.get(event.message)
      if (text !== undefined) asked.set(event.run, { text, told: [] })
    } else if (event.type === "run.ended" && event.into !== undefined) {
      const text = asked.get(event.run)?.text
      if (text !== undefined) asked.get(event.into)?.told.push(text)
    }
  }
  return new Map([...asked].map(([run, { text, told }]) => [run, answer(text, told)]))
}

function* faultsOf({ steps }: DeviceHistory, answers: Answers): Generator<string> {
  const shown = new ShownAnswers()
  for (const step of steps) {
    if (step.type === "snapshot") shown.startOver(step.messages)
    for (const event of step.type === "events" ? step.events : []) {
      const run = shown.take(event)
      const right = run && answers.get(run)
      const texts = run ? shown.of(run) : undefined
      if (right && texts && !isBeginning(texts, right)) yield `at ${event.seq} shows ${JSON.stringify(texts)} of ${run}`
    }
  }
}

/**
 * The messages of each run, by the reducer that every device has. Each run has a state of its own: in one for all of them
 * every word would be looked for among the newest messages of everybody, which was most of the work of checking.
 */
class ShownAnswers {
  readonly #states = new Map<string, ConversationState>()
  readonly #runOf = new Map<string, string>()
  /** Whose first messages may have left the window before the device came. */
  readonly #unknown = new Set<string>()

  startOver(messages: readonly ChatMessage[]): void {
    this.#states.clear()
    for (const message of messages) {
      const { run, id } = message
      if (run === undefined) continue
      const state = this.#states.get(run) ?? emptyState
      this.#states.set(run, { ...state, messages: [...state.messages, message] })
      this.#runOf.set(id, run)
      if (messages.length >= limits.stateMessagesMax) this.#unknown.add(run)
    }
  }

  /** @returns the run whose answer has changed. */
  take(event: LogEvent): string | undefined {
    if (event.type !== "delta" && event.type !== "agent" && event.type !== "rewind") return undefined
    const run = event.type === "delta" ? this.#runOf.get(event.message) : event.run
    if (run === undefined) return undefined
    this.#states.set(run, reduce(this.#states.get(run) ?? emptyState, event))
    if (event.type === "rewind" || event.message === undefined) return undefined
    this.#runOf.set(event.message, run)
    return run
  }

  of(run: string): readonly string[] | undefined {
    return this.#unknown.has(run) ? undefined : this.#states.get(run)?.messages.map(textOf)
  }
}

/** Only the last message may be in the making. */
function isBeginning(shown: readonly string[], right: readonly string[]): boolean {
  const last = shown.length - 1
  return shown.every((text, index) => (index < last ? text === right[index] : right[index]?.startsWith(text) === true))
}
