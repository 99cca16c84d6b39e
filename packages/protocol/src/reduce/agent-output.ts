/**
 * What an agent's output does to the state.
 *
 * The bodies are the Agent Streaming Protocol's own. They come from a graph that somebody else
 * wrote, so every field is looked at before it is believed.
 */
import type { Block, ChatMessage, ConversationState, Json, LogEventOf } from "../types.ts"
import { addMessage, updateMessage } from "./messages.ts"
import { updateRun } from "./runs.ts"

type State = ConversationState
type Output = LogEventOf<"agent">
type Fields = { readonly [key: string]: Json }

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
      return setBlock(state, id, event.data, (content) => ({
        ...blankBlock(content),
        text: textOfContent(content),
        done: false,
      }))
    case "content-block-finish":
      return setBlock(state, id, event.data, finishBlock)
    case "message-finish":
      return {
        ...state,
        messages: updateMessage(state.messages, id, (message) => ({ ...message, status: "complete" })),
      }
    default:
      return state
  }
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
    // Models number their blocks as they like, holes included; a hole is not a block yet.
    if (message.redacted || index > message.blocks.length) return message
    const blocks = [...message.blocks]
    blocks[index] = make(content, message.blocks[index])
    return { ...message, blocks }
  }
  return { ...state, messages: updateMessage(state.messages, id, update) }
}

function finishBlock(content: Fields, before: Block | undefined): Block {
  const block = { ...blankBlock(content), text: textOfContent(content), done: true }
  const plain = block.kind === "text" || block.kind === "reasoning" || block.kind === "tool_call"
  const tool = before?.tool && before.tool.status !== "called" ? before.tool : block.tool
  return { ...block, ...(tool ? { tool } : {}), ...(plain ? {} : { content: { ...content } }) }
}

function blankBlock(content: Fields): Pick<Block, "kind" | "tool"> {
  const type = String(content["type"] ?? "text")
  if (type !== "tool_call" && type !== "tool_call_chunk") return { kind: type }
  const tool = { id: String(content["id"] ?? ""), name: String(content["name"] ?? ""), status: "called" as const }
  return { kind: "tool_call", tool }
}

/** The text that deltas add to: a tool call's is its arguments as JSON. */
export function textOfContent(content: Fields): string {
  for (const field of ["text", "reasoning", "args"]) {
    const value = content[field]
    if (typeof value === "string") return value
    if (field === "args" && value !== undefined) return JSON.stringify(value)
  }
  return ""
}

function onTools(state: State, event: Output): State {
  const { event: kind, tool_call_id: call } = event.data
  const status =
    kind === "tool-started"
      ? "running"
      : kind === "tool-finished"
        ? "finished"
        : kind === "tool-error"
          ? "failed"
          : undefined
  if (!status || typeof call !== "string") return state
  const output = status === "finished" ? event.data["output"] : status === "failed" ? event.data["message"] : undefined
  const isOwner = (message: ChatMessage) =>
    message.run === event.run && message.blocks.some((block) => block.tool?.id === call)
  const owner = state.messages.findLast(isOwner)
  if (!owner) return state
  const update = (block: Block): Block =>
    block.tool?.id === call
      ? { ...block, tool: { ...block.tool, status, ...(output === undefined ? {} : { output }) } }
      : block
  const messages = updateMessage(state.messages, owner.id, (message) => ({
    ...message,
    blocks: message.blocks.map(update),
  }))
  return { ...state, messages }
}

function onCheckpoint(state: State, event: Output): State {
  const id = event.data["id"]
  if (event.ns.length > 0 || typeof id !== "string") return state
  return updateRun(state, event.run, (run) => ({ ...run, checkpoint: id }))
}

/** Adds to a block what it lacks of the delta; one that was applied before, or does not connect, adds nothing. */
export function onDelta(state: State, event: LogEventOf<"delta">): State {
  const index = state.messages.findLastIndex((message) => message.id === event.message)
  const message = state.messages[index]
  const block = message?.blocks[event.block]
  if (!message || !block) return state
  const known = block.text.length - event.at
  if (known < 0 || known >= event.text.length) return state
  const blocks = [...message.blocks]
  blocks[event.block] = { ...block, text: block.text + event.text.slice(known) }
  const messages = [...state.messages]
  messages[index] = { ...message, blocks }
  return { ...state, messages }
}

/** The words of a message, whoever wrote it: an assistant's text blocks joined. */
export function textOf(message: ChatMessage): string {
  if (message.role === "user") return message.text
  return message.blocks.reduce((text, block) => (block.kind === "text" ? text + block.text : text), "")
}

function isFields(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
