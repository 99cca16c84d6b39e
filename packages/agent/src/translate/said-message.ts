/**
 * One message of a model, from its start to its finish, as lean log events.
 *
 * - Blocks are numbered densely from 0, whatever the model calls them: clients index a list by them.
 * - Text travels as `delta` events that say where in the block they start, so applying one twice
 *   changes nothing. A block therefore always starts empty.
 * - A block's finish repeats no text that its deltas have said: without a text it is what they add up to.
 * - A tool call's arguments come as the whole text so far; what is new of it is the delta.
 */
import { type EventBody, limits } from "@everthread/protocol"
import { outputLimits } from "../options.ts"
import { jsonFields } from "./json-value.ts"
import { type Fields, isFields, textField } from "./stream-event.ts"

/** Where a block stands: its own number, and the text sent so far. */
interface SaidBlock {
  readonly index: number
  text: string
}

/** Wraps data of this message as an event with its place in the run. */
type Wrap = (data: Fields) => EventBody

export class SaidMessage {
  /** Unique in the conversation. */
  readonly id: string
  readonly #wrap: Wrap
  readonly #blocks = new Map<unknown, SaidBlock>()
  readonly #toolCalls = new Set<string>()

  constructor(id: string, wrap: Wrap) {
    this.id = id
    this.#wrap = wrap
  }

  /** @param data a body of the messages channel; `message-start` and `message-finish` are the caller's. */
  say(data: Fields): EventBody[] {
    switch (data["event"]) {
      case "content-block-start":
        return this.#start(data["index"], isFields(data["content"]) ? data["content"] : {}).bodies
      case "content-block-delta":
        return isFields(data["delta"]) ? this.#delta(data["index"], data["delta"]) : []
      case "content-block-finish":
        return isFields(data["content"]) ? this.#finish(data["index"], data["content"]) : []
      default:
        return []
    }
  }

  /** Adds a tool call that the stream did not show: a model that does not stream names it only in its result. */
  addToolCall(call: Fields): EventBody[] {
    const id = textField(call, "id")
    if (id === undefined || this.#toolCalls.has(id)) return []
    return this.#finish(`tool call ${id}`, { type: "tool_call", id, name: call["name"], args: call["args"] })
  }

  #start(key: unknown, content: Fields): { block: SaidBlock; bodies: EventBody[] } {
    const known = this.#blocks.get(key)
    if (known) return { block: known, bodies: [] }
    const block: SaidBlock = { index: this.#blocks.size, text: "" }
    this.#blocks.set(key, block)
    const { field, blank } = blankOf(content)
    const start = this.#wrap({ event: "content-block-start", index: block.index, content: blank })
    const begun = field === undefined ? "" : (textField(content, field) ?? "")
    return { block, bodies: [start, ...this.#more(block, begun)] }
  }

  #delta(key: unknown, delta: Fields): EventBody[] {
    const text = textField(delta, "text") ?? textField(delta, "reasoning")
    if (text !== undefined) {
      const type = textField(delta, "text") === undefined ? "reasoning" : "text"
      const { block, bodies } = this.#start(key, { type })
      return [...bodies, ...this.#more(block, text)]
    }
    const fields = delta["fields"]
    if (!isFields(fields) || fields["type"] !== "tool_call_chunk") return []
    const { block, bodies } = this.#start(key, { ...fields, args: "" })
    const args = textField(fields, "args") ?? ""
    // Arguments that do not go on from what was sent are set right by the block's finish.
    return args.startsWith(block.text) ? [...bodies, ...this.#more(block, args.slice(block.text.length))] : bodies
  }

  #finish(key: unknown, content: Fields): EventBody[] {
    const { block, bodies } = this.#start(key, blankOf(content).blank)
    const id = textField(content, "id")
    if (id !== undefined && content["type"] === "tool_call") this.#toolCalls.add(id)
    const whole = wholeOf(content, block.text)
    return [...bodies, this.#wrap({ event: "content-block-finish", index: block.index, content: whole })]
  }

  /** What goes beyond a block's limit is in nobody's state, and so not in the log either. */
  #more(block: SaidBlock, text: string): EventBody[] {
    const bodies: EventBody[] = []
    for (const piece of piecesOf(text.slice(0, limits.blockCharsMax - block.text.length))) {
      bodies.push({ type: "delta", message: this.id, block: block.index, at: block.text.length, text: piece })
      block.text += piece
    }
    return bodies
  }
}

/** Text of any length as texts that fit an event, none of which ends in half a character. */
function piecesOf(text: string): string[] {
  const { deltaCharsMax } = outputLimits
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const end = at + deltaCharsMax
    const isSplit = end < text.length && isHighSurrogate(text.charCodeAt(end - 1))
    const piece = text.slice(at, isSplit ? end - 1 : end)
    pieces.push(piece)
    at += piece.length
  }
  return pieces
}

const isHighSurrogate = (unit: number) => (unit & 0xfc00) === 0xd800

/** The block without its text, and the field its text is in. */
function blankOf(content: Fields): { field: string | undefined; blank: Fields } {
  switch (content["type"]) {
    case "text":
      return { field: "text", blank: { type: "text", text: "" } }
    case "reasoning":
      return { field: "reasoning", blank: { type: "reasoning", reasoning: "" } }
    case "tool_call":
    case "tool_call_chunk": {
      const { id, name } = content
      return { field: "args", blank: jsonFields({ type: "tool_call_chunk", id, name, args: "" }) }
    }
    default:
      return { field: undefined, blank: { type: textField(content, "type") ?? "unknown" } }
  }
}

function unsaid(text: unknown, said: string): string | undefined {
  const kept = typeof text === "string" ? text.slice(0, limits.blockCharsMax) : undefined
  return kept === said ? undefined : kept
}

/** Text is left out where the deltas have said it, and otherwise kept whole; everything else is bounded. */
function wholeOf(content: Fields, said: string): Fields {
  const { text, reasoning, ...rest } = content
  const [words, thoughts] = [unsaid(text, said), unsaid(reasoning, said)]
  const kept = {
    ...(words === undefined ? {} : { text: words }),
    ...(thoughts === undefined ? {} : { reasoning: thoughts }),
  }
  return { ...jsonFields(rest), ...kept }
}
