/**
 * What has to be told so that a stream which shows one state shows another one.
 *
 * While a run is told, its messages grow by events. What events cannot say (a person's message, an edit, words that were taken
 * back) is a snapshot of all messages: everything that is open is closed before it and opened again behind it, so whatever
 * the log holds becomes a sequence that AG-UI's verifier takes. (SPEC AGU2)
 */
import type { ChatMessage, ConversationState, EventType } from "../types.ts"
import type { AgUiEvent } from "./events.ts"
import { reasoningIn, snapshotOf } from "./messages.ts"
import { added, closed, opened, type Part, partsOf, resultsOf, type ToolResult } from "./parts.ts"
import type { Leg } from "./run-frame.ts"

export type Messages = Pick<ConversationState, "messages">

/** A state, and the run that is told token by token while it lasts. */
export interface Shown {
  readonly state: Messages
  readonly leg: Leg | undefined
}

/** What takes messages away. That old ones leave the state because newer ones came is nothing to be told. */
const takesAway: ReadonlySet<EventType> = new Set(["rewind", "expired"])

/** @returns what happens within a run, or what a run has to be made for where there is none. */
export function changes(before: Shown, after: Shown, cause?: EventType): AgUiEvent[] {
  const grown = cause && takesAway.has(cause) && hasGone(before, after) ? undefined : growth(before, after)
  if (!grown) return replaced(before, after)
  // A token begins and ends no step: nearly every event is one, and is not looked around for.
  return cause === "delta" ? grown : withSteps(before, after, grown)
}

/** The same where another run is told from here on, whose words so far may not all have been told. */
export function begun(before: Shown, after: Shown, cause?: EventType): AgUiEvent[] {
  const isUnderWay = toldMessages({ ...before, leg: after.leg }).some(({ status }) => status === "streaming")
  return isUnderWay ? replaced(before, after) : changes(before, after, cause)
}

/** Shows another state, whatever was shown before. */
export function replaced(before: Shown, after: Shown): AgUiEvent[] {
  const nothing = { messages: [] }
  const kept = reasoningIn(before.state)
  return [
    ...withSteps(before, { state: nothing, leg: undefined }, openParts(before).flatMap(closed)),
    snapshotOf(after.state, kept),
    ...withSteps({ state: nothing, leg: undefined }, after, reopened(after)),
  ]
}

function hasGone({ state: before }: Shown, { state: after }: Shown): boolean {
  const held = new Set(after.messages.map(({ id }) => id))
  return before.messages.some(({ id }) => !held.has(id))
}

/** @returns `undefined` where events alone cannot say it. */
function growth(before: Shown, after: Shown): AgUiEvent[] | undefined {
  const find = finder(before.state.messages)
  const events: AgUiEvent[] = []
  for (const [at, message] of after.state.messages.entries()) {
    const was = find(message.id, at)
    const told = growthOf(was, message, was !== undefined && isTold(was, before.leg), isTold(message, after.leg))
    if (!told) return undefined
    events.push(...told)
  }
  return events
}

/** Nearly always a message is where it was. */
function finder(messages: readonly ChatMessage[]): (id: string, at: number) => ChatMessage | undefined {
  let known: ReadonlyMap<string, ChatMessage> | undefined
  return (id, at) => {
    const there = messages[at]
    if (there?.id === id) return there
    known ??= new Map(messages.map((message) => [message.id, message]))
    return known.get(id)
  }
}

/** Whether a message's parts are told as they grow. */
function isTold({ role, run, redacted }: ChatMessage, leg: Leg | undefined): boolean {
  return leg?.run !== undefined && role === "assistant" && run === leg.run && !redacted
}

/** What one message has become. */
function growthOf(
  before: ChatMessage | undefined,
  after: ChatMessage,
  wasTold: boolean,
  isTold: boolean,
): AgUiEvent[] | undefined {
  if (before === after && wasTold === isTold) return []
  if (!wasTold && !isTold) return isUnseen(before, after) ? [] : undefined
  if (before?.redacted !== after.redacted && before) return undefined
  const parts = grownParts(before, after, wasTold, isTold)
  const results = parts && newResults(before, after)
  return parts && results ? [...parts, ...results] : undefined
}

/** What nobody has to be told: what another run says before it has said it, and what shows nothing of itself. */
function isUnseen(before: ChatMessage | undefined, after: ChatMessage): boolean {
  if (after.status === "streaming" && !after.redacted) return true
  const look = (message: ChatMessage | undefined) => JSON.stringify(message && snapshotOf({ messages: [message] }))
  return before?.status === after.status && look(before) === look(after)
}

function grownParts(
  before: ChatMessage | undefined,
  after: ChatMessage,
  wasTold: boolean,
  isTold: boolean,
): AgUiEvent[] | undefined {
  const known = new Map(before ? partsOf(before).map((part) => [keyOf(part), part]) : [])
  const events: AgUiEvent[] = []
  for (const part of partsOf(after)) {
    const was = known.get(keyOf(part))
    known.delete(keyOf(part))
    const told = grownPart(was, part, after, was !== undefined && wasTold && !was.done, isTold && !part.done)
    if (!told) return undefined
    events.push(...told)
  }
  return known.size === 0 ? events : undefined
}

function grownPart(
  was: Part | undefined,
  part: Part,
  message: ChatMessage,
  wasOpen: boolean,
  isOpen: boolean,
): AgUiEvent[] | undefined {
  const more = was ? addition(was, part) : part.text
  if (more === undefined || (was && was.name !== part.name)) return undefined
  const begins = !wasOpen && (isOpen || !was || more !== "")
  return [
    ...(begins ? opened(part, message) : []),
    ...added(part, more),
    ...((wasOpen || begins) && !isOpen ? closed(part) : []),
  ]
}

function keyOf({ kind, id }: Part): string {
  return `${kind} ${id}`
}

/** Arguments that a model wrote with other white space than its finished call has are the same arguments. */
function addition({ text: known }: Part, { text, kind, done }: Part): string | undefined {
  if (text.startsWith(known)) return text.slice(known.length)
  return kind === "call" && done && compact(known) === compact(text) ? "" : undefined
}

function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}

function newResults(before: ChatMessage | undefined, after: ChatMessage): AgUiEvent[] | undefined {
  const known = new Map(before ? resultsOf(before).map((result) => [result.id, result]) : [])
  const events: AgUiEvent[] = []
  for (const result of resultsOf(after)) {
    const was = known.get(result.id)
    known.delete(result.id)
    if (was && (was.content !== result.content || was.failed !== result.failed)) return undefined
    if (!was) events.push(resultEvent(result))
  }
  return known.size === 0 ? events : undefined
}

function resultEvent({ id, call, content }: ToolResult): AgUiEvent {
  return { type: "TOOL_CALL_RESULT", messageId: id, toolCallId: call, role: "tool", content }
}

// What is open.

function openParts({ state, leg }: Shown): Part[] {
  return toldMessages({ state, leg }).flatMap((message) => partsOf(message).filter(({ done }) => !done))
}

/** Their text so far is in the snapshot. */
function reopened(shown: Shown): AgUiEvent[] {
  return toldMessages(shown).flatMap((message) =>
    partsOf(message).flatMap((part) => (part.done ? [] : opened(part, message))),
  )
}

function toldMessages({ state, leg }: Shown): ChatMessage[] {
  return leg ? state.messages.filter((message) => isTold(message, leg)) : []
}

/** The nodes of the graph that speak are the steps of the run. */
function stepsOf(shown: Shown): ReadonlySet<string> {
  const speaking = toldMessages(shown).filter(({ status }) => status === "streaming")
  const names = speaking.map(({ ns = [] }) => ns.map((segment) => segment.split(":", 1)[0]).join("/"))
  return new Set(names.filter((name) => name !== ""))
}

function withSteps(before: Shown, after: Shown, events: readonly AgUiEvent[]): AgUiEvent[] {
  const [was, is] = [stepsOf(before), stepsOf(after)]
  const step = (type: "STEP_STARTED" | "STEP_FINISHED", names: ReadonlySet<string>, others: ReadonlySet<string>) =>
    [...names].filter((name) => !others.has(name)).map((stepName): AgUiEvent => ({ type, stepName }))
  return [...step("STEP_STARTED", is, was), ...events, ...step("STEP_FINISHED", was, is)]
}
