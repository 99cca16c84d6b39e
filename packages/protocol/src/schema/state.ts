/**
 * What a log adds up to: the shape that `reduce` keeps and a snapshot carries.
 *
 * It is bounded (`limits.state…Max`), so that a snapshot stays small however long a conversation is.
 */
import * as z from "zod"
import { question, runAgain, runOutcome } from "./events/run.ts"
import { by, forkOrigin, id, json, role, seq, time, whenBusy } from "./fields.ts"

/** One block of an assistant's message, in the order of the model's content blocks. */
export const block = z.object({
  /** The content block's type: `text`, `reasoning`, `tool_call`, or whatever else the model emits. */
  kind: z.string(),
  /** The text so far; for a tool call, its arguments as JSON text. */
  text: z.string(),
  done: z.boolean(),
  /** The whole block as the model finished it, where its text alone does not say it. */
  content: z.record(z.string(), json).optional(),
  /** What came of a tool call. */
  tool: z
    .object({
      id: z.string(),
      name: z.string(),
      status: z.enum(["called", "running", "finished", "failed"]),
      output: json.optional(),
    })
    .optional(),
})

const messageStatus = z.enum(["streaming", "complete", "stopped"])

export const chatMessage = z.object({
  id,
  /** Where it began in the log: messages are ordered by it. */
  seq,
  /** Where it was finished or stopped, with role `assistant`. */
  doneSeq: seq.optional(),
  time,
  role: z.enum(["user", "assistant"]),
  status: messageStatus,
  /** Who wrote it, with role `user`. */
  by: by.optional(),
  key: z.string().optional(),
  /** The agent it is addressed to (`user`), or that speaks (`assistant`). */
  agent: id.optional(),
  run: id.optional(),
  /** The `node:task` path that speaks: what a rewind goes by. */
  ns: z.array(z.string()).optional(),
  /** The supersteps in which it does, behind the first part of the path. */
  steps: z.array(z.int()).optional(),
  replyTo: id.optional(),
  /** What a person wrote; empty with role `assistant`, whose text is in its blocks. */
  text: z.string(),
  blocks: z.array(block),
  edited: z.boolean().optional(),
  redacted: z.boolean().optional(),
  /** Who reacted with what. */
  reactions: z.record(z.string(), z.array(id)).optional(),
})

const runStatus = z.enum(["queued", "running", "waiting", ...runOutcome.options])

export const run = z.object({
  id,
  seq,
  agent: id,
  /** The message it answers. */
  message: id,
  by,
  status: runStatus,
  /** 0 until a worker has claimed it. */
  attempt: z.int(),
  node: id.optional(),
  /** How many messages its attempts have begun: the next one's id is made from it. */
  messages: z.int(),
  /** Who asked for it to stop. */
  stopBy: by.optional(),
  error: z.string().optional(),
  /** Asked for where it is not to wait its turn. */
  whenBusy: whenBusy.optional(),
  /** The run that took its message in. */
  into: id.optional(),
  /** It answers anew what another run had answered. */
  again: runAgain.optional(),
  /** The root graph's checkpoint that its first one followed, empty for none; absent before its first. */
  before: z.string().optional(),
  /** The newest checkpoint of the root graph that the log names. */
  checkpoint: z.string().optional(),
})

export const interrupt = z.object({
  id,
  seq,
  run: id,
  value: json,
  ...question,
  /** `by` nobody: it expired, and the value is its default. */
  answer: z.object({ by: by.optional(), value: json }).optional(),
})

export const conversationState = z.object({
  /** The last event that went in. */
  seq,
  title: z.string().optional(),
  agent: id.optional(),
  /** The agent it was made with: the LangGraph thread with the conversation's own id is this one's, for good. */
  firstAgent: id.optional(),
  whenBusy: whenBusy.optional(),
  from: forkOrigin.optional(),
  members: z.record(z.string(), role),
  /** The newest messages, and before them those that a run which has not ended answers or has said; oldest first. */
  messages: z.array(chatMessage),
  /** Whether older messages exist that are not held here. */
  older: z.boolean(),
  /**
   * Every message that began here or later is held, unless it was taken back; between those before it, older ones may
   * be missing: page back from here. 0 while all are held.
   */
  wholeFrom: seq,
  /** Finished messages that began here or before have expired. */
  expiredUpTo: seq.optional(),
  /** All messages there are, held here or not. */
  messageCount: z.int(),
  /** Runs that have not ended, and a few that have, by their place in the queue. */
  runs: z.array(run),
  interrupts: z.array(interrupt),
  /** How far each member has read. */
  receipts: z.record(z.string(), seq),
})

export type Block = z.infer<typeof block>
export type ChatMessage = z.infer<typeof chatMessage>
export type MessageStatus = z.infer<typeof messageStatus>
export type Run = z.infer<typeof run>
export type RunStatus = z.infer<typeof runStatus>
export type Interrupt = z.infer<typeof interrupt>
export type ConversationState = z.infer<typeof conversationState>
