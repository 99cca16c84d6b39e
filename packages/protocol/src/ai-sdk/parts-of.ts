/**
 * A run of a conversation as the parts of one message, in the log's order: what its agent has said, the tools that it called,
 * the questions that it asked.
 *
 * Two calls of one run never share an id, because the AI SDK's client would show the second in the place of the first.
 */
import { isOpen } from "../reduce/runs.ts"
import type { Block, ChatMessage, ConversationState, Interrupt, Json, Run, RunStatus } from "../types.ts"
import type { Part, ToolPart } from "./part.ts"
import { withQuestions } from "./questions.ts"

type State = Pick<ConversationState, "messages" | "runs" | "interrupts">

interface Known {
  readonly said: readonly ChatMessage[]
  readonly asked: readonly Interrupt[]
  readonly status: RunStatus | undefined
  readonly parts: readonly Part[]
}

/** By the first thing that a run has said or asked. Many look at one run: everybody who is shown it. */
const knownBy = new WeakMap<ChatMessage | Interrupt, Known>()
const noParts: readonly Part[] = []

/** @returns the same list as before where nothing has changed. */
export function partsOf(state: State, run: string): readonly Part[] {
  const said = state.messages.filter((message) => message.run === run)
  const asked = state.interrupts.filter((interrupt) => interrupt.run === run)
  const held = state.runs.find(({ id }) => id === run)
  const [first = asked[0]] = said
  if (!first) return noParts
  const known = knownBy.get(first)
  if (known && known.status === held?.status && same(known.said, said) && same(known.asked, asked)) return known.parts
  const parts = makeParts(said, asked, held)
  knownBy.set(first, { said, asked, status: held?.status, parts })
  return parts
}

function same<T>(left: readonly T[], right: readonly T[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index])
}

function makeParts(said: readonly ChatMessage[], asked: readonly Interrupt[], run: Run | undefined): readonly Part[] {
  const parts = inOrder(said, asked)
  if (!run || !isOpen(run)) return parts.map(settled)
  return isWaiting(run, asked) ? parts.map(approvedByRule) : parts
}

/** Whether nothing happens until somebody answers. */
export function isWaiting(run: Run, asked: readonly Interrupt[]): boolean {
  return run.status === "waiting" && asked.some(({ answer }) => !answer)
}

/** Messages up to a question, the question, what was said after it. */
function inOrder(said: readonly ChatMessage[], asked: readonly Interrupt[]): Part[] {
  let parts: Part[] = []
  const rest = [...asked]
  const askUpTo = (seq: number) => {
    const due = rest.filter((interrupt) => interrupt.seq < seq)
    rest.splice(0, due.length)
    parts = withQuestions(parts, due)
  }
  for (const message of said) {
    askUpTo(message.seq)
    parts.push(...partsOfMessage(message))
  }
  askUpTo(Number.POSITIVE_INFINITY)
  return distinct(parts)
}

const ofMessage = new WeakMap<ChatMessage, readonly Part[]>()

/** @returns the same parts for the same message: a message that has not changed is the same object. */
export function partsOfMessage(message: ChatMessage): readonly Part[] {
  const parts = ofMessage.get(message) ?? message.blocks.flatMap((block, index) => partOf(message, block, index))
  ofMessage.set(message, parts)
  return parts
}

function partOf(message: ChatMessage, block: Block, index: number): Part[] {
  const id = `${message.id}.${index}`
  const done = block.done || message.status !== "streaming"
  if (block.kind === "text" || block.kind === "reasoning") return [{ kind: block.kind, id, text: block.text, done }]
  if (block.tool) return toolPart(id, block.tool, block.text, done)
  return block.done ? [{ kind: "block", id, data: { type: block.kind, ...block.content } }] : []
}

/** A call is shown from when it is known what is called. */
function toolPart(place: string, tool: NonNullable<Block["tool"]>, args: string, done: boolean): ToolPart[] {
  const isComplete = done || tool.status !== "called"
  if (!isComplete && (tool.id === "" || tool.name === "")) return []
  const input = isComplete ? inputOf(args) : undefined
  const call = {
    kind: "tool" as const,
    id: tool.id || place,
    name: tool.name || "tool",
    isQuestion: false,
    args,
    input,
  }
  const { output = null } = tool
  if (tool.status === "finished") return [{ ...call, outcome: { ok: true, output } }]
  if (tool.status === "failed") return [{ ...call, outcome: { ok: false, errorText: errorText(output) } }]
  return [call]
}

function inputOf(args: string): Json {
  try {
    return args === "" ? {} : (JSON.parse(args) as Json)
  } catch {
    return args
  }
}

const errorText = (output: Json) => (typeof output === "string" && output !== "" ? output : JSON.stringify(output))

function distinct(parts: readonly Part[]): Part[] {
  const seen = new Map<string, number>()
  return parts.map((part) => {
    const times = (seen.get(part.id) ?? 0) + 1
    seen.set(part.id, times)
    return times === 1 ? part : { ...part, id: `${part.id}~${times}` }
  })
}

const hasAnswer = ({ approval }: ToolPart) => approval?.answer?.approved === true

/** When a run is over nothing is under way: a client would send an approval again whose tool tells of no end. */
function settled(part: Part): Part {
  return part.kind === "tool" && hasAnswer(part) && !part.outcome
    ? { ...part, outcome: { ok: true, output: null } }
    : part
}

/** While some calls wait for people, a client takes a message for answered only when every call in it is. */
function approvedByRule(part: Part): Part {
  if (part.kind !== "tool" || part.isQuestion || part.input === undefined || part.approval || part.outcome) return part
  return { ...part, approval: { id: `auto~${part.id}`, isAutomatic: true, answer: { approved: true } } }
}
