/**
 * What is new in a conversation since it was last looked at: pure, from one view to the next.
 *
 * It compares views rather than following events, so that a snapshot, a rewind or a store that went
 * back needs no case of its own. A message is news when it is whole; what streams is shown live. Messages
 * are told in the order in which they became whole, so that who comes late reads what the others read.
 */

import type { ConversationView } from "@everthread/client"
import { type By, type ChatMessage, type Interrupt, isOpen, type Run, textOf } from "@everthread/protocol"

export type News =
  | { readonly kind: "message"; readonly message: ChatMessage }
  | { readonly kind: "edited"; readonly message: ChatMessage }
  | { readonly kind: "redacted"; readonly message: ChatMessage }
  | { readonly kind: "called"; readonly message: ChatMessage; readonly tool: Tool; readonly args: string }
  | { readonly kind: "returned"; readonly message: ChatMessage; readonly tool: Tool }
  | { readonly kind: "asked"; readonly interrupt: Interrupt }
  | { readonly kind: "answered"; readonly interrupt: Interrupt }
  | { readonly kind: "run"; readonly run: Run }
  /** A message that nobody will answer: it was taken out of the queue. */
  | { readonly kind: "dropped"; readonly message: ChatMessage }
  | { readonly kind: "expired" }
  /** A message that had been told of is of no history any more. */
  | { readonly kind: "retracted"; readonly place: number }
  | { readonly kind: "joined"; readonly user: string }
  | { readonly kind: "removed"; readonly user: string }
  | { readonly kind: "came"; readonly by: By }
  | { readonly kind: "left"; readonly by: By }

export type Tool = NonNullable<ChatMessage["blocks"][number]["tool"]>

/** What has been told already, by what it is about. */
export type Told = ReadonlyMap<string, string>

/**
 * @param told what was told before; nothing, at first.
 * @param catchingUp who came and went before is not news then; what was said, done, asked and answered is.
 */
export function newsOf(told: Told, view: ConversationView, catchingUp: boolean): { news: News[]; told: Told } {
  const facts = factsOf(view)
  const fresh = facts.filter(({ about, value }) => told.get(about) !== value).sort((a, b) => a.at - b.at)
  const news = fresh.filter(({ atFirst }) => !catchingUp || atFirst).map(({ news }) => news)
  return {
    news: catchingUp ? news : [...news, ...vanished(told, facts, view)],
    told: new Map(facts.map(({ about, value }) => [about, value])),
  }
}

interface Fact {
  readonly about: string
  readonly value: string
  readonly news: News
  /** Worth telling to somebody who has just come. */
  readonly atFirst: boolean
  /** Where it is told among the others: a place in the log. */
  readonly at: number
}

/** What has no place of its own is told after what has one. */
const atTheEnd = Number.MAX_SAFE_INTEGER

function factsOf({ messages, state, present }: ConversationView): Fact[] {
  const heldFrom = Math.max(state.wholeFrom, (state.expiredUpTo ?? 0) + 1)
  return [
    ...Object.keys(state.members).map((user) => passing(`member ${user}`, "", { kind: "joined", user })),
    ...present.map((by) => passing(`here ${by.user}/${by.device}`, "", { kind: "came", by })),
    ...state.interrupts.flatMap((interrupt) => factsOfInterrupt(interrupt, messages, heldFrom)),
    ...messages.flatMap((message) => factsOfMessage(message, messages)),
    ...state.runs.flatMap((run) => factsOfRun(run, state.interrupts, messages)),
    ...(state.expiredUpTo === undefined ? [] : [passing("expired", `${state.expiredUpTo}`, { kind: "expired" })]),
  ]
}

/** @returns where the run speaks again: what a person answered and what its tools returned came just before. */
function nextPlace(messages: readonly ChatMessage[], run: string | undefined, after: number): number {
  const next = messages.find((message) => message.role === "assistant" && message.run === run && message.seq > after)
  return next?.seq ?? atTheEnd
}

function passing(about: string, value: string, news: News): Fact {
  return { about, value, news, atFirst: false, at: atTheEnd }
}

function lasting(about: string, value: string, news: News, at: number): Fact {
  return { about, value, news, atFirst: true, at }
}

/** Where a message became whole in the log: that is the order in which people read, and what they refer to. */
export function placeOf(message: ChatMessage): number {
  return message.doneSeq ?? message.seq
}

function factsOfMessage(message: ChatMessage, messages: readonly ChatMessage[]): Fact[] {
  if (message.status === "streaming") return []
  const tools = factsOfTools(message, messages)
  const place = placeOf(message)
  const whole = lasting(`message ${message.id}`, `${message.seq} ${place}`, { kind: "message", message }, place)
  if (message.redacted) return [...tools, whole, passing(`redacted ${message.id}`, "", { kind: "redacted", message })]
  if (!message.edited) return [...tools, whole]
  return [...tools, whole, passing(`edited ${message.id}`, message.text, { kind: "edited", message })]
}

function factsOfTools(message: ChatMessage, messages: readonly ChatMessage[]): Fact[] {
  return message.blocks.flatMap(({ tool, text, done }) => {
    if (!tool || !done) return []
    const called = lasting(`called ${tool.id}`, "", { kind: "called", message, tool, args: text }, placeOf(message))
    if (tool.status === "called" || tool.status === "running") return [called]
    const returnedAt = nextPlace(messages, message.run, message.seq)
    return [called, lasting(`returned ${tool.id}`, "", { kind: "returned", message, tool }, returnedAt)]
  })
}

/** @param heldFrom where what is held of the messages begins: a newcomer is told of no question that was settled before. */
function factsOfInterrupt(interrupt: Interrupt, messages: readonly ChatMessage[], heldFrom: number): Fact[] {
  const asked = lasting(`asked ${interrupt.id}`, "", { kind: "asked", interrupt }, interrupt.seq)
  if (!interrupt.answer) return [asked]
  const answeredAt = nextPlace(messages, interrupt.run, interrupt.seq)
  const facts = [asked, lasting(`answered ${interrupt.id}`, "", { kind: "answered", interrupt }, answeredAt)]
  return facts.map((fact) => ({ ...fact, atFirst: interrupt.seq >= heldFrom }))
}

/** A run is news when it fails, is stopped, another run takes its message in, or somebody has taken it over. */
function factsOfRun(run: Run, interrupts: readonly Interrupt[], messages: readonly ChatMessage[]): Fact[] {
  const dropped = run.status === "stopped" && run.attempt === 0 && messages.find(({ id }) => id === run.message)
  if (dropped) return [passing(`run ${run.id}`, run.status, { kind: "dropped", message: dropped })]
  const news: News = { kind: "run", run }
  if (run.status === "failed" || run.status === "stopped" || run.status === "merged")
    return [passing(`run ${run.id}`, run.status, news)]
  const takeovers = takeoversOf(run, interrupts)
  return isOpen(run) && takeovers > 0 ? [passing(`run ${run.id}`, `taken over ${takeovers}`, news)] : []
}

/** Each answer begins another attempt too, and that is nothing unusual. */
function takeoversOf(run: Run, interrupts: readonly Interrupt[]): number {
  const answers = interrupts.filter((interrupt) => interrupt.run === run.id && interrupt.answer !== undefined)
  return run.attempt - 1 - answers.length
}

/** What was there and is not any more. */
function vanished(known: Told, facts: readonly Fact[], view: ConversationView): News[] {
  const present = new Set(facts.map(({ about }) => about))
  const news: News[] = []
  for (const [about, value] of known) {
    if (present.has(about)) continue
    const [kind, name] = split(about)
    // One from before where everything is held has left the window, or has expired; nobody has taken it back.
    const [seq = 0, place = 0] = value.split(" ").map(Number)
    const isHeld = seq >= view.state.wholeFrom && seq > (view.state.expiredUpTo ?? 0)
    if (kind === "message" && isHeld) news.push({ kind: "retracted", place })
    if (kind === "member") news.push({ kind: "removed", user: name })
    // Offline, nobody is known to be here; that is not news about them.
    if (kind === "here" && view.status === "live") news.push({ kind: "left", by: toBy(name) })
  }
  return news
}

function split(about: string): [string, string] {
  const space = about.indexOf(" ")
  return [about.slice(0, space), about.slice(space + 1)]
}

function toBy(name: string): By {
  const slash = name.lastIndexOf("/")
  return { user: name.slice(0, slash), device: name.slice(slash + 1) }
}

/** Who is speaking. */
export function authorOf(message: ChatMessage): string {
  if (message.by) return `${message.by.user}/${message.by.device}`
  return message.agent ?? "assistant"
}

/** Messages that say something: one that only called a tool has been told of by that. */
export function hasWords(message: ChatMessage): boolean {
  return message.redacted === true || textOf(message) !== ""
}
