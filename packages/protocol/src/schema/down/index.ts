/** Everything the server may send on the native protocol. */
import * as z from "zod"
import { errorRules } from "../../errors.ts"
import { logEvent } from "../events/index.ts"
import { by, conversationId, cursor, id, json, role, seq, time } from "../fields.ts"
import { chatMessage, conversationState } from "../state.ts"
import { requestId } from "../up/request.ts"

export const wireErrorSchema = z.object({
  code: z.enum(Object.keys(errorRules) as [keyof typeof errorRules]),
  message: z.string(),
  field: z.string().optional(),
  limit: z.number().optional(),
  retryAfterMs: z.number().optional(),
  retryable: z.boolean(),
})

/** The answer to the hello, before any other frame. */
export const welcome = z.object({
  type: z.literal("welcome"),
  protocol: z.int(),
  user: id,
  device: id,
  /** The node that serves this connection. */
  node: id,
  connection: id,
  /** How often the server pings, in milliseconds: hearing nothing for three times as long means a dead connection. */
  heartbeatMs: z.number(),
  /** The agents that this deployment serves, the one to offer first in front. */
  agents: z.array(id),
  /** The limits that this deployment may have changed. */
  limits: z.object({ frameBytesMax: z.number(), textCharsMax: z.number() }),
})

/** What a stored command answers: where it stands in the log. An ack means stored. (SPEC ACK1) */
export const stored = z.object({
  conversation: conversationId,
  cursor,
  seq,
  /** The key was seen before; `cursor` and `seq` are those of the first. */
  duplicate: z.boolean(),
  /** The message's id (`send`), or the run's (`stop`, `regenerate`). */
  ref: z.string().optional(),
})

export const conversationEntry = z.object({ conversation: conversationId, role, title: z.string().optional() })
/** One checkpoint of an agent's thread, and the place in the log that it belongs to. */
export const checkpointEntry = z.object({
  checkpoint: id,
  /** The checkpoint that it follows. */
  parent: id.optional(),
  /** The last entry that it knows of, and the run that wrote it; absent where no run of this conversation did. */
  seq: seq.optional(),
  cursor: cursor.optional(),
  run: id.optional(),
  /** When it was written, by its writer's clock, in milliseconds since 1970. */
  time,
  /** LangGraph's number of the superstep: -1 is the input. */
  step: z.int(),
  /** The nodes that are to run next; none: the graph is done. */
  next: z.array(z.string()),
})

const memberEntry = z.object({ user: id, role, devices: z.array(id) })

/** What the reply to each command carries in `result`. */
export const results = {
  token: z.object({ expiresAt: z.number().optional() }),
  ping: z.object({}),
  create: stored,
  conversations: z.object({ conversations: z.array(conversationEntry) }),
  subscribe: z.object({ conversation: conversationId }),
  unsubscribe: z.object({ conversation: conversationId }),
  history: z.object({ conversation: conversationId, messages: z.array(chatMessage), more: z.boolean() }),
  "conversation.update": stored,
  checkpoints: z.object({ conversation: conversationId, checkpoints: z.array(checkpointEntry), more: z.boolean() }),
  checkpoint: z.object({ conversation: conversationId, checkpoint: checkpointEntry, values: json }),
  /** The new conversation's first place. */
  fork: stored,
  members: z.object({ conversation: conversationId, members: z.array(memberEntry) }),
  "member.add": stored,
  "member.remove": stored,
  send: stored,
  edit: stored,
  redact: stored,
  react: stored,
  read: stored,
  stop: stored,
  promote: stored,
  regenerate: stored,
  respond: stored,
} as const

export const ok = z.object({ type: z.literal("ok"), id: requestId, result: json })

/** A request that failed, or, without an id, a frame that could not be read as a request. */
export const error = z.object({ type: z.literal("error"), id: requestId.optional(), error: wireErrorSchema })

/** Covers the half-open range `(prev, cursor]` of a log. Apply it if `prev` is where you are. (SPEC FRM1) */
export const events = z.object({
  type: z.literal("events"),
  conversation: conversationId,
  prev: cursor,
  cursor,
  events: z.array(logEvent),
  /** The alias under which lean frames go on from its last delta, for a client that reads them. */
  as: z.int().min(0).optional(),
})

/** More text, right behind the frame that named the alias or the lean one before: see `LeanReader`. */
export const lean = z.tuple([z.int().min(0), z.string()])

/** Why a device gets a snapshot instead of a tail. */
const snapshotReason = z.enum([
  /** It named no cursor. */
  "fresh",
  /** What it missed is no longer kept event by event. */
  "trimmed",
  /** Its cursor is not in this history: the store rolled back. Forget the old one, send again what is missing. */
  "diverged",
])

/** Replaces whatever the device holds of this conversation. */
export const snapshot = z.object({
  type: z.literal("snapshot"),
  conversation: conversationId,
  reason: snapshotReason,
  cursor,
  state: conversationState,
})

/** The device now has everything that was stored when it subscribed. */
export const upToDate = z.object({ type: z.literal("upToDate"), conversation: conversationId, cursor })

/** The subscription is over, and why: the membership was revoked, or the conversation cannot be read. */
export const unsubscribed = z.object({
  type: z.literal("unsubscribed"),
  conversation: conversationId,
  error: wireErrorSchema,
})

/** Ephemeral: has no cursor and may be lost. */
export const typing = z.object({
  type: z.literal("typing"),
  conversation: conversationId,
  by,
  on: z.boolean(),
})

/** Ephemeral: a device came or went. `members` lists who is here. */
export const presence = z.object({
  type: z.literal("presence"),
  conversation: conversationId,
  by,
  on: z.boolean(),
})

/**
 * Ephemeral: for a moment the node may not have heard what is ephemeral. Who is here may have changed meanwhile; `members` says it.
 */
export const unheard = z.object({ type: z.literal("unheard"), conversation: conversationId })

/** Ephemeral: every worker is busy, and so many runs of the whole deployment are before this one; 0 where it waits no more. */
export const queue = z.object({
  type: z.literal("queue"),
  conversation: conversationId,
  run: id,
  position: z.int().min(0),
})

/**
 * Ephemeral: whoever this connection speaks for became a member of the conversation, is none any more, or has another role
 * there. Without a conversation it may have been any: `conversations` says which there are.
 */
export const membership = z.object({ type: z.literal("membership"), conversation: conversationId.optional() })

export const downFrame = z.discriminatedUnion("type", [
  welcome,
  ok,
  error,
  events,
  snapshot,
  upToDate,
  unsubscribed,
  typing,
  presence,
  unheard,
  queue,
  membership,
])
export type DownFrame = z.infer<typeof downFrame>
export type DownFrameType = DownFrame["type"]
export type DownFrameOf<T extends DownFrameType> = Extract<DownFrame, { type: T }>

export type Stored = z.infer<typeof stored>
export type ConversationEntry = z.infer<typeof conversationEntry>
export type CheckpointEntry = z.infer<typeof checkpointEntry>
export type MemberEntry = z.infer<typeof memberEntry>
export type SnapshotReason = z.infer<typeof snapshotReason>
export type ResultOf<T extends keyof typeof results> = z.infer<(typeof results)[T]>
