/**
 * What an agent says, as events of the messages channel.
 *
 * A stored block begins empty, its deltas say where they start, and its finish repeats no text. Stock clients add deltas
 * up blindly and take a finish for the whole block, so a delta that was applied before says nothing here, and a finish has
 * its text. Every event names its message, because two may be under way at one place of the graph.
 */
import type { Block, ChatMessage, ConversationState, Json, LogEventOf } from "../types.ts"
import type { StreamEvent } from "./stream-event.ts"
import { contentOf } from "./values.ts"

type Fields = { readonly [field: string]: Json }

export interface Said {
  readonly message: string
  readonly namespace: readonly string[]
  readonly time?: number
}

/**
 * Stock clients tell messages apart by namespace, node and `run_id`, as the protocol names the model's call: all events of one
 * have to agree in all three. Tokens are stored without a node, so whatever is said of a message has the one that its
 * namespace ends with.
 * @param data a body of the channel.
 */
export function say(said: Said, data: Fields): StreamEvent {
  const { namespace, time, message } = said
  const node = namespace.at(-1)?.split(":", 1)[0]
  const about = { method: "messages" as const, namespace, node, message, ...(time === undefined ? {} : { time }) }
  return { ...about, data: { ...data, run_id: message } }
}

export function onMessages(event: LogEventOf<"agent">, after: ConversationState): StreamEvent[] {
  const { data, message, ns, time } = event
  if (message === undefined) return []
  const said = { message, namespace: ns, time }
  switch (data["event"]) {
    case "message-start":
      return [say(said, { ...data, role: "ai", id: message })]
    case "content-block-finish":
      return [say(said, { ...data, content: wholeContent(data, find(after, message)) })]
    default:
      return [say(said, data)]
  }
}

/** The stored content, with the text that its deltas have said. */
function wholeContent({ index, content = {} }: Fields, message: ChatMessage | undefined): Json {
  const block = typeof index === "number" ? message?.blocks[index] : undefined
  if (block?.kind !== "text" && block?.kind !== "reasoning") return content
  return { ...(content as Fields), ...contentOf(block) }
}

export function onDelta(
  { message: id, block: index }: LogEventOf<"delta">,
  before: ConversationState,
  after: ConversationState,
): StreamEvent[] {
  const message = find(after, id)
  const block = message?.blocks[index]
  const known = find(before, id)?.blocks[index]?.text.length ?? 0
  if (!message || !block || block.text.length <= known) return []
  const said = { message: id, namespace: message.ns ?? [], time: message.time }
  return [say(said, { event: "content-block-delta", index, delta: deltaOf(block, block.text.slice(known)) })]
}

/** Arguments of a tool come as the whole text so far: that is how clients take them. */
function deltaOf(block: Block, text: string): Fields {
  switch (block.kind) {
    case "text":
      return { type: "text-delta", text }
    case "reasoning":
      return { type: "reasoning-delta", reasoning: text }
    default:
      return { type: "block-delta", fields: chunkOf(block) }
  }
}

function chunkOf({ kind, text, tool }: Block): Fields {
  if (kind !== "tool_call") return { type: kind }
  return { type: "tool_call_chunk", id: tool?.id ?? "", name: tool?.name ?? "", args: text }
}

/** A message as it is by now, said at once: for whoever has not seen how it began. */
export function saidSoFar(message: ChatMessage): StreamEvent[] {
  const said = { message: message.id, namespace: message.ns ?? [], time: message.time }
  const blocks = message.blocks.flatMap((block, index) => blockSoFar(said, block, index))
  return [
    say(said, { event: "message-start", role: "ai", id: message.id }),
    ...blocks,
    ...(message.status === "streaming" ? [] : [say(said, { event: "message-finish" })]),
  ]
}

function blockSoFar(said: Said, block: Block, index: number): StreamEvent[] {
  const empty = block.kind === "tool_call" ? chunkOf({ ...block, text: "" }) : contentOf({ ...block, text: "" })
  return [
    say(said, { event: "content-block-start", index, content: empty }),
    ...(block.text === ""
      ? []
      : [say(said, { event: "content-block-delta", index, delta: deltaOf(block, block.text) })]),
    ...(block.done ? [say(said, { event: "content-block-finish", index, content: contentOf(block) })] : []),
  ]
}

function find({ messages }: ConversationState, id: string): ChatMessage | undefined {
  return messages.findLast((message) => message.id === id)
}
