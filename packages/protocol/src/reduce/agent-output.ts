/**
 * What an agent's output does to the state.
 *
 * The bodies are the Agent Streaming Protocol's own. They come from a graph that somebody else
 * wrote, so every field is looked at before it is believed.
 */
import { limits } from "../limits.ts"
import type { Block, ChatMessage, ConversationState, Json, LogEventOf } from "../types.ts"
import { type Fields, finishBlock, isFields, startBlock } from "./blocks.ts"
import { addMessage, updateMessage } from "./messages.ts"
import { updateRun } from "./runs.ts"

type State = ConversationState
type Output = LogEventOf<"agent">

export function onAgentOutput(state: State, event: Output): State {
  switch (event.method) {
    case "messages":
      return onMessages(state, event)
    case "tools":
      return onTools(state, event)
    case "checkpoints":
      return onCheckpoint(state, event)
    default:
      return state
  }
}

function onMessages(state: State, event: Output): State {
  const id = event.message
  if (id === undefined) return state
  switch (event.data["event"]) {
    case "message-start":
      return startMessage(state, event, id)
    case "content-block-start":
      return setBlock(state, id, event.data, startBlock)
    case "content-block-finish":
      return setBlock(state, id, event.data, finishBlock)
    case "message-finish":
      return closeMessage(state, event, id, "complete")
    case "error":
      return closeMessage(state, event, id, "stopped")
    default:
      return state
  }
}

function closeMessage(state: State, { seq }: Output, id: string, status: "complete" | "stopped"): State {
  const close = (message: ChatMessage): ChatMessage =>
    message.role === "user" ? message : { ...message, status, doneSeq: seq }
  return { ...state, messages: updateMessage(state.messages, id, close) }
}

function startMessage(state: State, event: Output, id: string): State {
  const run = state.runs.find((held) => held.id === event.run)
  const started = addMessage(state, {
    id,
    seq: event.seq,
    time: event.time,
    role: "assistant",
    status: "streaming",
    ...(run ? { agent: run.agent } : {}),
    run: event.run,
    ns: event.ns,
    ...(event.steps ? { steps: event.steps } : {}),
    text: "",
    blocks: [],
  })
  return updateRun(started, event.run, (held) => ({ ...held, messages: held.messages + 1 }))
}

function setBlock(
  state: State,
  id: string,
  data: Fields,
  make: (content: Fields, before: Block | undefined) => Block,
): State {
  const index = data["index"]
  const content = data["content"]
  if (typeof index !== "number" || !Number.isInteger(index) || index < 0 || !isFields(content)) return state
  const update = (message: ChatMessage): ChatMessage => {
    if (message.role === "user" || message.redacted) return message
    // Workers number blocks densely from 0; one that leaves a hole does not keep to that.
    if (index > message.blocks.length || index >= limits.messageBlocksMax) return message
    const blocks = [...message.blocks]
    blocks[index] = make(content, message.blocks[index])
    return { ...message, blocks }
  }
  return { ...state, messages: updateMessage(state.messages, id, update) }
}

function onTools(state: State, event: Output): State {
  const { event: kind, tool_call_id: call } = event.data
  const news = newsOfTool(kind, event.data)
  if (!news || typeof call !== "string") return state
  const isOwner = (message: ChatMessage) =>
    message.run === event.run && message.blocks.some((block) => block.tool?.id === call)
  const owner = state.messages.findLast(isOwner)
  if (!owner) return state
  const update = (block: Block): Block =>
    block.tool?.id === call ? { ...block, tool: { ...block.tool, ...news } } : block
  const messages = updateMessage(state.messages, owner.id, (message) => ({
    ...message,
    blocks: message.blocks.map(update),
  }))
  return { ...state, messages }
}

type ToolNews = Pick<NonNullable<Block["tool"]>, "status" | "output">

function newsOfTool(kind: Json | undefined, { output, message }: Fields): ToolNews | undefined {
  switch (kind) {
    case "tool-started":
      return { status: "running" }
    case "tool-finished":
      return { status: "finished", ...(output === undefined ? {} : { output }) }
    case "tool-error":
      return { status: "failed", ...(message === undefined ? {} : { output: message }) }
    default:
      return undefined
  }
}

function onCheckpoint(state: State, event: Output): State {
  const id = event.data["id"]
  if (event.ns.length > 0 || typeof id !== "string") return state
  const { parent_id: parent } = event.data
  const before = typeof parent === "string" ? parent : ""
  return updateRun(state, event.run, (run) => ({ before, ...run, checkpoint: id }))
}

/**
 * Adds to a block what it lacks of the delta. One that was applied before, does not connect, or comes
 * to a block whose final text is known adds nothing. (SPEC FRM4)
 */
export function onDelta(state: State, event: LogEventOf<"delta">): State {
  const index = state.messages.findLastIndex((message) => message.id === event.message)
  const message = state.messages[index]
  const block = message?.blocks[event.block]
  if (!message || !block || block.done) return state
  const known = block.text.length - event.at
  const room = limits.blockCharsMax - block.text.length
  if (known < 0 || known >= event.text.length || room <= 0) return state
  const blocks = [...message.blocks]
  blocks[event.block] = { ...block, text: block.text + event.text.slice(known, known + room) }
  const messages = [...state.messages]
  messages[index] = { ...message, blocks }
  return { ...state, messages }
}
