/**
 * Entries of the log as events of AG-UI: pure, the same on every node and in every client. (SPEC AGU2)
 *
 * AG-UI knows no event outside a run, and one run at a time. So what happens between runs is told in a run of its own that
 * begins and ends with it.
 */
import type { ConversationState, Json, LogEvent, Run } from "../types.ts"
import type { AgUiEvent } from "./events.ts"
import { begun, changes, replaced } from "./growth.ts"
import { clientIdsOf } from "./ids.ts"
import { personsMessage, snapshotOf } from "./messages.ts"
import { finished, type Leg, openQuestions, started } from "./run-frame.ts"

/** What a stream is about. */
export interface View {
  readonly threadId: string
  /** @returns the run that is told token by token, while it is under way. */
  legOf(state: ConversationState): Leg | undefined
}

/** Everything that happens in a conversation. */
export function conversationView(threadId: string): View {
  return {
    threadId,
    legOf({ runs }) {
      const run = runs.find(({ status }) => status === "running")
      return run && { threadId, runId: run.id, run: run.id }
    },
  }
}

/** One run, or the run that took its message in, under the name that its client gave it. */
export function runView(threadId: string, runId: string, run: string): View {
  return {
    threadId,
    legOf(state) {
      const answering = answeringRun(state.runs, run)
      return answering && isUnderWay(answering, state) ? { threadId, runId, run: answering.id } : undefined
    },
  }
}

/** A run whose questions are all answered, or that is to stop, only waits for its worker. */
function isUnderWay({ id, status }: Run, state: ConversationState): boolean {
  if (status !== "waiting") return status === "queued" || status === "running"
  return !openQuestions(state).some(({ run }) => run === id)
}

/** @returns the run, or the one that took its message in. */
export function answeringRun(runs: readonly Run[], id: string): Run | undefined {
  const run = runs.find((held) => held.id === id)
  return run?.into === undefined ? run : (runs.find((held) => held.id === run.into) ?? run)
}

/** @returns what one event says on a stream that shows the state before it. */
export function toldOf(event: LogEvent, before: ConversationState, after: ConversationState, view: View): AgUiEvent[] {
  const was = view.legOf(before)
  const is = view.legOf(after)
  const extras = extrasOf(event, is ?? was)
  if (!was && !is) return between(event, before, after, view, extras)
  const goesOn = was?.run === is?.run
  if (!was && is) {
    const inside = begun({ state: before, leg: undefined }, { state: after, leg: is }, event.type)
    return [started(is), ...extras, ...inside]
  }
  const leg = goesOn ? is : undefined
  const inside = [...extras, ...changes({ state: before, leg: was }, { state: after, leg }, event.type)]
  return goesOn || !was ? inside : [...inside, ...switched(was, is, after)]
}

/** @returns what it takes to show another history, or a later state of this one, whatever was shown. */
export function jumpOf(before: ConversationState, after: ConversationState, view: View): AgUiEvent[] {
  const was = view.legOf(before)
  const is = view.legOf(after)
  const leg = is ?? passing(view, after)
  if (!was) {
    const inside = replaced({ state: before, leg: undefined }, { state: after, leg: is })
    return [started(leg), ...inside, ...(is ? [] : [finished(leg, after)])]
  }
  const goesOn = was.run === is?.run
  const inside = replaced({ state: before, leg: was }, { state: after, leg: goesOn ? is : undefined })
  return goesOn ? inside : [...inside, ...switched(was, is, after)]
}

/** @returns the beginning of a stream that shows everything there is, and goes on from there. */
export function attachedAt(state: ConversationState, view: View): AgUiEvent[] {
  return jumpOf({ ...state, messages: [], runs: [] }, state, view)
}

/** @returns the beginning of a stream to somebody who has everything up to this state. */
export function resumedAt(state: ConversationState, view: View): AgUiEvent[] {
  const is = view.legOf(state)
  if (!is) return []
  return [started(is), ...changes({ state, leg: undefined }, { state, leg: is })]
}

export interface RunBeginning {
  readonly leg: Leg
  /** What the run has said behind this place is told from its beginning; everything else is history. */
  readonly since: number
  /** The messages that the client has, by its own ids and in its order. */
  readonly clientHas: readonly string[]
}

/** @returns a run as far as it has come: the history before it, and what it said so far, as if it were said now. */
export function runSoFar(state: ConversationState, view: View, { leg, since, clientHas }: RunBeginning): AgUiEvent[] {
  const isNew = ({ run, seq }: ConversationState["messages"][number]) => run === leg.run && seq > since
  const history = { messages: state.messages.filter((message) => !isNew(message)) }
  const is = view.legOf(state)
  const told = changes({ state: history, leg }, { state, leg })
  const rest = is ? [] : changes({ state, leg }, { state, leg: undefined })
  return [started(leg), ...historyFor(history, clientHas), ...told, ...rest, ...(is ? [] : [finished(leg, state)])]
}

/** Clients keep what they have in its place and put what is new behind it: where that is the wrong order, they begin anew. */
function historyFor(history: Pick<ConversationState, "messages">, clientHas: readonly string[]): AgUiEvent[] {
  const snapshot = snapshotOf(history)
  if (snapshot.type !== "MESSAGES_SNAPSHOT") return []
  const ids = snapshot.messages.map(({ id }) => id)
  const known = new Set(ids)
  const kept = clientHas.filter((id) => known.has(id))
  const held = new Set(kept)
  const merged = [...kept, ...ids.filter((id) => !held.has(id))]
  if (merged.every((id, at) => id === ids[at])) return [snapshot]
  return [{ type: "MESSAGES_SNAPSHOT", messages: [] }, snapshot]
}

function switched(was: Leg, is: Leg | undefined, after: ConversationState): AgUiEvent[] {
  const opening = is ? begun({ state: after, leg: undefined }, { state: after, leg: is }) : []
  return [finished(was, after), ...(is ? [started(is), ...opening] : [])]
}

/** What happens while no run is under way. */
function between(
  event: LogEvent,
  before: ConversationState,
  after: ConversationState,
  view: View,
  extras: readonly AgUiEvent[],
): AgUiEvent[] {
  const ended = endedUnbegun(event, view)
  if (ended) return [started(ended), ...changesBetween(before, after, event), finished(ended, after)]
  const leg = passing(view, after)
  // Clients that have this message already, because they sent it, leave it out.
  if (event.type === "message" && after.messages.at(-1)?.id === event.id) {
    return [started(leg, [asked(after)].flat()), finished(leg, after)]
  }
  const inside = [...extras, ...changesBetween(before, after, event)]
  return inside.length === 0 ? [] : [started(leg), ...inside, finished(leg, after)]
}

function changesBetween(before: ConversationState, after: ConversationState, { type }: LogEvent): AgUiEvent[] {
  return changes({ state: before, leg: undefined }, { state: after, leg: undefined }, type)
}

function asked(state: ConversationState) {
  const message = state.messages.at(-1)
  return message ? [personsMessage(message, clientIdsOf(state).get(message.id) ?? message.id)] : []
}

/** A run that ended while it waited: for an answer, or for its turn. What was taken in by another run goes on there. */
function endedUnbegun(event: LogEvent, { threadId }: View): Leg | undefined {
  if (event.type !== "run.ended" || event.outcome === "merged") return undefined
  return { threadId, runId: event.run, run: event.run }
}

/** A run for what has none. It is named after the place in the log, the same for everybody. */
function passing({ threadId }: View, { seq }: ConversationState): Leg {
  return { threadId, runId: `${threadId}~${seq}`, run: undefined }
}

/** What AG-UI has no word for. */
function extrasOf(event: LogEvent, leg: Leg | undefined): AgUiEvent[] {
  switch (event.type) {
    case "input.responded": {
      const { interrupt, run, by, value } = event
      return [custom("everthread.answered", { interrupt, run, value, ...(by ? { by: by.user } : {}) })]
    }
    case "rewind":
      return [custom("everthread.rewind", { run: event.run, messages: event.messages })]
    case "agent":
      return event.method === "custom" && leg?.run === event.run ? [graphsOwn(event.data)] : []
    default:
      return []
  }
}

function graphsOwn(data: { readonly [field: string]: Json }): AgUiEvent {
  const { name, payload } = data
  return typeof name === "string" ? custom(name, payload ?? null) : custom("custom", { ...data })
}

function custom(name: string, value: Json): AgUiEvent {
  return { type: "CUSTOM", name, value }
}
