/** What runs and interrupts do to the state. */
import { limits } from "../limits.ts"
import type { ChatMessage, ConversationState, Interrupt, LogEventOf, Run } from "../types.ts"

type State = ConversationState

/** Whether a run may still do something. */
export function isOpen(run: Run): boolean {
  return run.status === "queued" || run.status === "running" || run.status === "waiting"
}

/** Whether nobody has worked on the run yet: it can still be promoted, or taken out of the queue as if it had never been. */
export function isWaitingItsTurn(run: Run): boolean {
  return run.status === "queued" && run.attempt === 0
}

export function updateRun(state: State, id: string, update: (run: Run) => Run): State {
  const index = state.runs.findLastIndex((run) => run.id === id)
  if (index < 0) return state
  const runs = [...state.runs]
  runs[index] = update(state.runs[index] as Run)
  return { ...state, runs }
}

export function onRunQueued(state: State, event: LogEventOf<"run.queued">): State {
  if (state.runs.some((run) => run.id === event.run)) return state
  const run: Run = {
    id: event.run,
    seq: event.seq,
    agent: event.agent,
    message: event.message,
    by: event.by,
    ...(event.whenBusy === undefined ? {} : { whenBusy: event.whenBusy }),
    ...(event.again === undefined ? {} : { again: event.again }),
    // What it writes follows what was taken back; answered anew once more it has to go back as far as this one does.
    ...(event.again?.from === undefined ? {} : { before: event.again.from }),
    status: "queued",
    attempt: 0,
    messages: 0,
  }
  return { ...state, runs: [...state.runs, run] }
}

/** Behind those that were begun, before all others that wait. */
export function onRunPromoted(state: State, event: LogEventOf<"run.promoted">): State {
  const promoted = state.runs.find(({ id }) => id === event.run)
  if (!promoted || !isWaitingItsTurn(promoted)) return state
  const others = state.runs.filter((run) => run !== promoted)
  const firstWaiting = others.findIndex(isWaitingItsTurn)
  const place = firstWaiting < 0 ? others.length : firstWaiting
  return { ...state, runs: others.toSpliced(place, 0, promoted) }
}

export function onRunAttempt(state: State, event: LogEventOf<"run.attempt">): State {
  return updateRun(state, event.run, (run) => ({
    ...run,
    status: "running",
    attempt: event.attempt,
    node: event.node,
  }))
}

export function onRunWaiting(state: State, event: LogEventOf<"run.waiting">): State {
  return updateRun(state, event.run, ({ node: _gone, ...run }) => ({ ...run, status: "waiting" }))
}

export function onRunStop(state: State, event: LogEventOf<"run.stop">): State {
  return updateRun(state, event.run, (run) => (run.stopBy || !isOpen(run) ? run : { ...run, stopBy: event.by }))
}

/** Ends the run, closes what it had begun to say, and drops the questions nobody can answer any more. */
export function onRunEnded(state: State, event: LogEventOf<"run.ended">): State {
  const ended = updateRun(state, event.run, ({ node: _gone, ...run }) => ({
    ...run,
    status: event.outcome,
    ...(event.error === undefined ? {} : { error: event.error }),
    ...(event.into === undefined ? {} : { into: event.into }),
  }))
  const interrupts = ended.interrupts.filter((interrupt) => interrupt.run !== event.run || interrupt.answer)
  return {
    ...ended,
    runs: withoutOldest(ended.runs, (run) => !isOpen(run), limits.stateEndedRunsMax),
    messages: closeMessages(ended.messages, event),
    interrupts: withoutOldAnswers(interrupts, ended.runs),
  }
}

function closeMessages(messages: ChatMessage[], { run, seq }: LogEventOf<"run.ended">): ChatMessage[] {
  const open = (message: ChatMessage) => message.run === run && message.status === "streaming"
  if (!messages.some(open)) return messages
  return messages.map((message) => (open(message) ? { ...message, status: "stopped", doneSeq: seq } : message))
}

export function onRewind(state: State, event: LogEventOf<"rewind">): State {
  const retracted = new Set(event.messages)
  const messages = state.messages.filter((message) => !retracted.has(message.id))
  return { ...state, messages, messageCount: state.messageCount - (state.messages.length - messages.length) }
}

/** A question that does not fit is not taken in: letting an answered one of an open run go would have it asked again. */
export function onInputRequested(state: State, event: LogEventOf<"input.requested">): State {
  if (state.interrupts.some((interrupt) => interrupt.id === event.interrupt)) return state
  if (state.interrupts.filter((interrupt) => !interrupt.answer).length >= limits.stateOpenInterruptsMax) return state
  if (interruptsOfOpenRuns(state) >= limits.stateOpenRunInterruptsMax) return state
  const { schema, expiresAt, default: byDefault } = event
  const interrupt: Interrupt = {
    id: event.interrupt,
    seq: event.seq,
    run: event.run,
    value: event.value,
    ...(schema === undefined ? {} : { schema }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(byDefault === undefined ? {} : { default: byDefault }),
  }
  return { ...state, interrupts: [...state.interrupts, interrupt] }
}

export function onInputResponded(state: State, event: LogEventOf<"input.responded">): State {
  const index = state.interrupts.findIndex((interrupt) => interrupt.id === event.interrupt)
  const held = state.interrupts[index]
  if (!held || held.answer) return state
  const interrupts = [...state.interrupts]
  interrupts[index] = { ...held, answer: { ...(event.by ? { by: event.by } : {}), value: event.value } }
  return { ...state, interrupts: withoutOldAnswers(interrupts, state.runs) }
}

/** How many questions the runs that have not ended have asked, answered or not: what `stateOpenRunInterruptsMax` bounds. */
export function interruptsOfOpenRuns({ interrupts, runs }: Pick<State, "interrupts" | "runs">): number {
  const open = openIds(runs)
  return interrupts.filter(({ run }) => open.has(run)).length
}

/** What an open run was told stays: its worker goes by it. Of ended runs the newest answers do, for people to see. */
function withoutOldAnswers(interrupts: readonly Interrupt[], runs: readonly Run[]): Interrupt[] {
  const open = openIds(runs)
  const isPast = ({ run, answer }: Interrupt) => answer !== undefined && !open.has(run)
  return withoutOldest(interrupts, isPast, limits.stateAnsweredInterruptsMax)
}

function openIds(runs: readonly Run[]): ReadonlySet<string> {
  return new Set(runs.filter(isOpen).map(({ id }) => id))
}

/** @returns the list with at most `max` of those that match, the newest, and all the others. */
export function withoutOldest<T>(list: readonly T[], matches: (item: T) => boolean, max: number): T[] {
  let surplus = list.filter(matches).length - max
  return list.filter((item) => !(matches(item) && surplus-- > 0))
}
