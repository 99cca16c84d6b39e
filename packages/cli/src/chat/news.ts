/**
 * What is new in a conversation since it was last looked at: pure, from one view to the next.
 *
 * It compares views rather than following events, so that a snapshot, a rewind or a store that went
 * back needs no case of its own. A message is news when it is finished; what streams is shown live.
 */

import type { ConversationView } from "@everthread/client"
import { type By, type ChatMessage, type Interrupt, isOpen, type Run, textOf } from "@everthread/protocol"

export type News =
  | { readonly kind: "message"; readonly message: ChatMessage }
  | { readonly kind: "edited"; readonly message: ChatMessage }
  | { readonly kind: "redacted"; readonly message: ChatMessage }
  | { readonly kind: "tool"; readonly message: ChatMessage; readonly tool: Tool; readonly args: string }
  | { readonly kind: "asked"; readonly interrupt: Interrupt }
  | { readonly kind: "answered"; readonly interrupt: Interrupt }
  | { readonly kind: "run"; readonly run: Run }
  /** A message that had been told of is of no history any more. */
  | { readonly kind: "retracted"; readonly seq: number }
  | { readonly kind: "joined"; readonly user: string }
  | { readonly kind: "removed"; readonly user: string }
  | { readonly kind: "came"; readonly by: By }
  | { readonly kind: "left"; readonly by: By }

export type Tool = NonNullable<ChatMessage["blocks"][number]["tool"]>

/** What has been told already, by what it is about. */
export type Told = ReadonlyMap<string, string>

/**
 * @param told what was told before; nothing, at first.
 * @param catchingUp what led here is not news: then only messages and open questions are.
 */
export function newsOf(told: Told, view: ConversationView, catchingUp: boolean): { news: News[]; told: Told } {
  const facts = factsOf(view)
  const fresh = facts.filter(({ about, value }) => told.get(about) !== value)
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
}

function factsOf({ messages, state, present }: ConversationView): Fact[] {
  return [
    ...Object.keys(state.members).map((user) => fact(`member ${user}`, "", { kind: "joined", user }, false)),
    ...present.map((by) => fact(`here ${by.user}/${by.device}`, "", { kind: "came", by }, false)),
    ...state.runs.flatMap((run) => factsOfRun(run, state.interrupts)),
    ...messages.flatMap(factsOfMessage),
    ...state.interrupts.map(factOfInterrupt),
  ]
}

function fact(about: string, value: string, news: News, atFirst: boolean): Fact {
  return { about, value, news, atFirst }
}

function factsOfMessage(message: ChatMessage): Fact[] {
  const tools = message.blocks.flatMap(({ tool, text, done }) => {
    if (!tool || !done || tool.status === "running") return []
    return [fact(`tool ${tool.id} ${tool.status}`, "", { kind: "tool", message, tool, args: text }, false)]
  })
  if (message.status === "streaming") return tools
  const finished = fact(`message ${message.id}`, String(message.seq), { kind: "message", message }, true)
  if (message.redacted)
    return [...tools, finished, fact(`redacted ${message.id}`, "", { kind: "redacted", message }, false)]
  if (!message.edited) return [...tools, finished]
  return [...tools, finished, fact(`edited ${message.id}`, message.text, { kind: "edited", message }, false)]
}

function factOfInterrupt(interrupt: Interrupt): Fact {
  const answered = interrupt.answer !== undefined
  const kind = answered ? "answered" : "asked"
  return fact(`interrupt ${interrupt.id}`, kind, { kind, interrupt }, !answered)
}

/** A run is news when it fails, is stopped, or somebody has taken it over. */
function factsOfRun(run: Run, interrupts: readonly Interrupt[]): Fact[] {
  const news: News = { kind: "run", run }
  if (run.status === "failed" || run.status === "stopped") return [fact(`run ${run.id}`, run.status, news, false)]
  const takeovers = takeoversOf(run, interrupts)
  return isOpen(run) && takeovers > 0 ? [fact(`run ${run.id}`, `taken over ${takeovers}`, news, false)] : []
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
  const oldest = view.messages[0]?.seq ?? 0
  for (const [about, value] of known) {
    if (present.has(about)) continue
    const [kind, name] = split(about)
    // One that is older than the oldest has left the window; nobody has taken it back.
    if (kind === "message" && Number(value) >= oldest) news.push({ kind: "retracted", seq: Number(value) })
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
