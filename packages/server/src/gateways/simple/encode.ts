/**
 * Events in the simple protocol: a text frame for each finished message, and for those who asked for the
 * stream, what comes before it.
 *
 * It needs the state before a frame, because an event alone does not say what a message adds up to. The
 * two encoders are shared by all connections, so every frame is encoded once for each of them. (SPEC DLV1)
 */
import {
  type ChatMessage,
  type ConversationState,
  emptyState,
  type LogEventOf,
  reduce,
  textOf,
} from "@everthread/protocol"
import { textFrame } from "../../connection/ws-frame.ts"
import type { Encoder, FrameEntry, LogFrame } from "../../core/log-frame.ts"
import { messageIdOf, textFrameOf } from "./write.ts"

/** Finished messages only. */
export const plainEncoder: Encoder = encoderOf(false)
/** Finished messages, and their parts as they come. */
export const streamEncoder: Encoder = encoderOf(true)

function encoderOf(streams: boolean): Encoder {
  return {
    encode(conversation: string, frame: LogFrame): Uint8Array | undefined {
      let state = frame.before ?? emptyState
      const frames: object[] = []
      for (const entry of frame.entries) {
        const after = reduce(state, entry.event)
        frames.push(...framesOf({ conversation, entry, before: state, after, streams }))
        state = after
      }
      return joined(frames)
    },
  }
}

/** @returns several WebSocket messages as one piece of bytes, or nothing. */
export function joined(frames: readonly object[]): Uint8Array | undefined {
  if (frames.length === 0) return undefined
  return Buffer.concat(frames.map((frame) => textFrame(JSON.stringify(frame))))
}

interface Step {
  readonly conversation: string
  readonly entry: FrameEntry
  readonly before: ConversationState
  readonly after: ConversationState
  readonly streams: boolean
}

function framesOf(step: Step): object[] {
  const { event } = step.entry
  switch (event.type) {
    case "message":
      return texts(step, (message) => message.id === event.id)
    case "copied":
      return texts(step, (message) => message.id === event.message.id)
    case "run.ended":
      return texts(step, (message) => message.run === event.run && message.doneSeq === event.seq)
    case "agent":
      return event.method === "messages" ? ofAgentMessage(step, event) : []
    case "delta":
      return step.streams ? deltas(step, event.message) : []
    case "rewind":
      return step.streams ? rewinds(step, event) : []
    default:
      return []
  }
}

function ofAgentMessage(step: Step, event: LogEventOf<"agent">): object[] {
  const finished = texts(step, (message) => message.id === event.message && message.doneSeq === event.seq)
  if (finished.length > 0 || !step.streams || event.message === undefined) return finished
  return deltas(step, event.message)
}

function texts({ conversation, entry, after }: Step, matches: (message: ChatMessage) => boolean): object[] {
  return after.messages.filter(matches).flatMap((message) => textFrameOf(conversation, message, entry.cursor) ?? [])
}

/** What the event added to the words of a message; nothing for its thoughts and its tool calls. */
function deltas({ before, after }: Step, id: string): object[] {
  const message = after.messages.findLast((held) => held.id === id)
  if (!message) return []
  const was = shownOf(before.messages.findLast((held) => held.id === id))
  const is = shownOf(message)
  if (is.length <= was.length || !is.startsWith(was)) return []
  return [partOf(message, was.length, is.slice(was.length))]
}

/** What the messages that are being written say so far: for a device that has missed how they began. */
export function partsSoFar({ messages }: ConversationState): object[] {
  const begun = messages.filter((message) => message.status === "streaming" && shownOf(message) !== "")
  return begun.map((message) => partOf(message, 0, shownOf(message)))
}

function partOf(message: ChatMessage, at: number, content: string): object {
  return { type: "delta", message_id: messageIdOf(message), at, content }
}

/** Its words without half a character at their end: the other half comes with the next delta. */
function shownOf(message: ChatMessage | undefined): string {
  const text = message ? textOf(message) : ""
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text
}

/** Takes back what was shown of an attempt that another one has replaced. */
function rewinds({ before }: Step, event: LogEventOf<"rewind">): object[] {
  const retracted = before.messages.filter((message) => event.messages.includes(message.id))
  const shown = retracted.filter((message) => shownOf(message) !== "")
  return shown.map((message) => ({ type: "rewind", message_id: messageIdOf(message), at: 0 }))
}
