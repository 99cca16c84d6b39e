/**
 * Entries of the log as events of the Agent Streaming Protocol: pure, the same on every node. (SPEC LGR2)
 *
 * What the protocol has no word for is shown by what it has. A message of a person, and whatever changes or takes back
 * what was shown, is a new state (`values`); that somebody has answered a question shows in that the run goes on.
 */
import { isOpen } from "../reduce/runs.ts"
import type { ChatMessage, ConversationState, EventType, Json, LogEvent, LogEventOf, Run } from "../types.ts"
import { onDelta, onMessages, say } from "./said.ts"
import type { StreamEvent } from "./stream-event.ts"
import { valuesOf } from "./values.ts"

export interface Step<T extends EventType = EventType> {
  readonly event: LogEventOf<T>
  readonly before: ConversationState
  readonly after: ConversationState
}

type Translations = { readonly [T in EventType]: (step: Step<T>) => readonly StreamEvent[] }

const nothing = () => []

/** One for each type of event: the compiler refuses a table with a hole. */
const translations: Translations = {
  "conversation.created": nothing,
  "conversation.changed": nothing,
  "member.added": nothing,
  "member.removed": nothing,
  reaction: nothing,
  receipt: nothing,
  "input.responded": nothing,
  "run.queued": nothing,
  "run.promoted": nothing,
  "run.stop": nothing,
  message: ({ event, after }) => [passingValues(after, event.time)],
  copied: ({ event, after }) => [passingValues(after, event.time)],
  edit: changed,
  redaction: changed,
  expired: changed,
  "run.attempt": ({ event, after }) => [lifecycle("running", event.time, graphName(after, event.run))],
  "run.waiting": ({ event, after }) => [values(after, event.time), lifecycle("interrupted", event.time)],
  "run.ended": onRunEnded,
  rewind: onRewind,
  "input.requested": ({ event }) => [question(event)],
  agent: onOutput,
  delta: ({ event, before, after }) => onDelta(event, before, after),
}

/** @returns what the event says to a stock client, in order. */
export function eventsOf(event: LogEvent, before: ConversationState, after: ConversationState): readonly StreamEvent[] {
  // A newer node may store types that this one does not know.
  if (!Object.hasOwn(translations, event.type)) return []
  const translate = translations[event.type] as (step: Step) => readonly StreamEvent[]
  return translate({ event, before, after })
}

export function values(state: ConversationState, time: number): StreamEvent {
  return { method: "values", namespace: [], time, data: valuesOf(state) }
}

function passingValues(state: ConversationState, time: number): StreamEvent {
  return { ...values(state, time), isPassing: true }
}

export function lifecycle(
  event: "running" | "completed" | "failed" | "interrupted",
  time: number,
  more: { readonly [field: string]: Json } = {},
): StreamEvent {
  return { method: "lifecycle", namespace: [], time, data: { event, ...more } }
}

export function graphName({ runs }: ConversationState, run: string): { readonly graph_name?: string } {
  const agent = runs.find(({ id }) => id === run)?.agent
  return agent === undefined ? {} : { graph_name: agent }
}

/**
 * Has clients show another state. They add what a state has, and drop only what an earlier state had and this one lacks;
 * and a state that comes behind a checkpoint of an earlier superstep only adds. So they are told twice what was there,
 * and what changed goes before it comes back.
 */
export function replacedValues(before: ConversationState, after: ConversationState, time: number): StreamEvent[] {
  const same = new Set<ChatMessage>(after.messages)
  const kept = { ...before, messages: before.messages.filter((message) => same.has(message)) }
  const was = values(before, time)
  return [was, was, values(kept, time), values(after, time)]
}

function changed({ event, before, after }: Step<"edit"> | Step<"redaction"> | Step<"expired">): StreamEvent[] {
  return before.messages === after.messages ? [] : replacedValues(before, after, event.time)
}

/** What was being said breaks off, and everything that was retracted goes. */
function onRewind({ event, before, after }: Step<"rewind">): StreamEvent[] {
  const retracted = new Set(event.messages)
  const open = before.messages.filter(({ id, status }) => retracted.has(id) && status === "streaming")
  const message = "Taken back: the run goes on from its last checkpoint, and says this anew."
  const broken = open.map(({ id, ns = [] }) =>
    say({ message: id, namespace: ns, time: event.time }, { event: "error", message, code: "rewind" }),
  )
  return [...broken, ...replacedValues(before, after, event.time)]
}

function onRunEnded({ event, before, after }: Step<"run.ended">): StreamEvent[] {
  const { run: id, time } = event
  const open = before.messages.filter(({ run, status }) => run === id && status === "streaming")
  const finished = open.map(({ id: message, ns = [] }) =>
    say({ message, namespace: ns, time }, { event: "message-finish" }),
  )
  if (!endsTheThread(before.runs, after.runs, id)) return finished
  return [...finished, values(after, time), ended(event)]
}

/** The protocol's lifecycle is the thread's: a run that ends without having begun ends nothing while another is under way. */
function endsTheThread(before: readonly Run[], after: readonly Run[], id: string): boolean {
  const run = before.find((held) => held.id === id)
  return (run?.attempt ?? 0) > 0 || !after.some(isOpen)
}

function ended({ outcome, error, time }: LogEventOf<"run.ended">): StreamEvent {
  if (outcome === "failed") return lifecycle("failed", time, error === undefined ? {} : { error })
  return lifecycle(outcome === "stopped" ? "interrupted" : "completed", time)
}

export function question({
  interrupt,
  value,
  time,
  schema,
  expiresAt,
}: Pick<LogEventOf<"input.requested">, "interrupt" | "value" | "time" | "schema" | "expiresAt">): StreamEvent {
  const more = { ...(schema ? { schema } : {}), ...(expiresAt === undefined ? {} : { expires_at: expiresAt }) }
  return { method: "input.requested", namespace: [], time, data: { interrupt_id: interrupt, payload: value, ...more } }
}

function onOutput({ event, after }: Step<"agent">): StreamEvent[] {
  const { method, ns, time, node, data } = event
  return method === "messages" ? onMessages(event, after) : [{ method, namespace: ns, time, node, data }]
}
