/**
 * Whatever a device shows of an answer, at whatever moment, is how the answer begins: nothing in it is doubled, and what
 * a dead attempt had said is gone before it is said again. (SPEC FRM4, RUN3)
 */
import { type ChatMessage, emptyState, type LogEvent, reduce, textOf } from "@everthread/protocol"
import { type DeviceHistory, type Expected, type Finding, type History, nameOf, type Step } from "../history/history.ts"

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
  for (const step of steps) {
    if (step.type === "snapshot") state = { ...emptyState, messages: [...step.messages] }
    for (const event of eventsOf(step)) {
      state = reduce(state, event)
      const run = runOf(event, state.messages)
      const shown = run === undefined ? [] : state.messages.filter((message) => message.run === run).map(textOf)
      const right = answers.get(run ?? "")
      if (right && !isBeginning(shown, right)) yield `at ${event.seq} shows ${JSON.stringify(shown)} of ${run}`
    }
  }
}

const eventsOf = (step: Step): readonly LogEvent[] => (step.type === "events" ? step.events : [])

function runOf(event: LogEvent, messages: readonly ChatMessage[]): string | undefined {
  if (event.type === "agent") return event.run
  return event.type === "delta" ? messages.findLast(({ id }) => id === event.message)?.run : undefined
}

/** Only the last message may be in the making. */
function isBeginning(shown: readonly string[], right: readonly string[]): boolean {
  const last = shown.length - 1
  return shown.every((text, index) => (index < last ? text === right[index] : right[index]?.startsWith(text) === true))
}
