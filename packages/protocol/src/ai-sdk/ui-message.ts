/**
 * A conversation as the AI SDK's `UIMessage`s: what its client has made of the chunks, out of the state alone.
 *
 * A message of a person has the id that its client gave it, for everybody, so that the client knows it again. What a run
 * has said is one message whose id is the run's.
 */
import { ClientIds } from "../client-ids.ts"
import type { ChatMessage, ConversationState, Json, Run } from "../types.ts"
import type { Approval, Part, ToolPart } from "./part.ts"
import { partsOf, partsOfMessage } from "./parts-of.ts"

const ids = new ClientIds("ai:")

/** @returns the idempotency key of a message that its client calls by this id. */
export function keyOf(clientId: string): string {
  return ids.keyOf(clientId)
}

/** @returns what the client calls the message with this key; nothing where the key was not made of such an id. */
export function clientIdOf(key: string | undefined): string | undefined {
  return ids.idOf(key)
}

/** A message of a person, and the run that answers it. */
export interface Asked {
  readonly message: ChatMessage
  readonly run: Run | undefined
}

/** @returns what the log holds of the message that its client calls by this id. */
export function askedAs(
  clientId: string,
  { messages, runs }: Pick<ConversationState, "messages" | "runs">,
): Asked | undefined {
  const key = keyOf(clientId)
  const isAsked = (held: ChatMessage) => held.role === "user" && (held.id === clientId || held.key === key)
  const message = messages.findLast(isAsked)
  return message && { message, run: runs.findLast((held) => held.message === message.id) }
}

type UIPart = { readonly type: string; readonly [field: string]: Json | undefined }

/** Structurally a `UIMessage` of `ai` 7. What is ours in `metadata` stands under `everthread`. */
export interface UIMessage {
  readonly id: string
  readonly role: "user" | "assistant"
  readonly parts: UIPart[]
  readonly metadata?: { readonly everthread: { readonly [field: string]: Json } }
}

type State = Pick<ConversationState, "messages" | "runs" | "interrupts">

/**
 * A message that has not changed is the same object as before.
 * @param messages where more than the state holds are to be shown; oldest first.
 */
export function uiMessages(state: State, messages: readonly ChatMessage[] = state.messages): UIMessage[] {
  const shown: State = messages === state.messages ? state : { ...state, messages: [...messages] }
  // What a run has said is told under the run's id.
  const named = ids.in(
    messages,
    messages.flatMap(({ run = [] }) => run),
  )
  const told = new Set<string>()
  const list: UIMessage[] = []
  for (const message of messages) {
    const { run, redacted } = message
    if (run === undefined) list.push(...(redacted ? [] : [alone(message, named.get(message.id) ?? message.id)]))
    else if (!told.has(run)) list.push(...ofRun(shown, told.add(run) && run))
  }
  const rest = state.runs.filter(({ id }) => !told.has(id))
  return [...list, ...rest.flatMap(({ id }) => ofRun(shown, id))]
}

const lone = new WeakMap<ChatMessage, UIMessage>()

function alone(message: ChatMessage, id: string): UIMessage {
  const known = lone.get(message)
  if (known?.id === id) return known
  const { role, text, by, seq, time, agent } = message
  const about = { seq, time, ...(by ? { user: by.user } : {}), ...(agent === undefined ? {} : { agent }) }
  const parts = role === "user" ? [{ type: "text", text }] : shownParts(partsOfMessage(message))
  const made: UIMessage = { id, role, parts, metadata: { everthread: about } }
  lone.set(message, made)
  return made
}

interface Shown {
  readonly run: Run | undefined
  readonly message: UIMessage
}

const ofRuns = new WeakMap<readonly Part[], Shown>()

/** @returns nothing for a run that has shown nothing yet. */
function ofRun(state: State, id: string): UIMessage[] {
  const parts = partsOf(state, id)
  if (parts.length === 0) return []
  const run = state.runs.find((held) => held.id === id)
  const known = ofRuns.get(parts)
  if (known && known.run === run) return [known.message]
  const about = run && {
    agent: run.agent,
    status: run.status,
    ...(run.error === undefined ? {} : { error: run.error }),
  }
  const metadata = { everthread: { run: id, ...about } }
  const message: UIMessage = { id, role: "assistant", parts: shownParts(parts), metadata }
  ofRuns.set(parts, { run, message })
  return [message]
}

function shownParts(parts: readonly Part[]): UIPart[] {
  return [{ type: "step-start" }, ...parts.map(shownPart)]
}

function shownPart(part: Part): UIPart {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text, state: part.done ? "done" : "streaming" }
    case "reasoning":
      return { type: "reasoning", id: part.id, text: part.text, state: part.done ? "done" : "streaming" }
    case "block":
      return { type: "data-everthread-block", id: part.id, data: part.data }
    default:
      return toolUIPart(part)
  }
}

function toolUIPart(part: ToolPart): UIPart {
  const { id, name, isQuestion, args, input, approval, outcome } = part
  const about = isQuestion ? { type: "dynamic-tool", toolName: name } : { type: `tool-${name}`, providerExecuted: true }
  const state = toolState(part)
  return {
    ...about,
    toolCallId: id,
    state,
    ...(input === undefined ? (args === "" ? {} : { rawInput: args }) : { input }),
    ...(approval ? { approval: shownApproval(approval) } : {}),
    ...(outcome?.ok ? { output: outcome.output } : {}),
    ...(outcome?.ok === false ? { errorText: outcome.errorText } : {}),
    ...(outcome ? { providerExecuted: true } : {}),
  }
}

function toolState({ input, approval, outcome }: ToolPart): string {
  if (outcome) return outcome.ok ? "output-available" : "output-error"
  if (approval?.answer) return approval.answer.approved ? "approval-responded" : "output-denied"
  if (approval) return "approval-requested"
  return input === undefined ? "input-streaming" : "input-available"
}

function shownApproval({ id, reason, isAutomatic, answer }: Approval): Json {
  return {
    id,
    ...(reason === undefined ? {} : { requestReason: reason }),
    ...(isAutomatic ? { isAutomatic } : {}),
    ...answer,
  }
}
