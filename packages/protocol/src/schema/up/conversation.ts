/** Frames about conversations: make one, find them, follow them, look back, come and go. */
import * as z from "zod"
import { limits } from "../../limits.ts"
import { conversationId, cursor, id, key, role, seq, title, whenBusy } from "../fields.ts"
import { requestId } from "./request.ts"

const create = z.object({
  type: z.literal("create"),
  id: requestId,
  key,
  /** Without one the server makes one up. */
  conversation: conversationId.optional(),
  title: title.optional(),
  agent: id.optional(),
  /** Members beside the creator, who becomes the owner. */
  members: z.array(id).max(limits.membersMax).optional(),
  whenBusy: whenBusy.optional(),
})

/** Changes what is named. Owners only. */
const update = z.object({
  type: z.literal("conversation.update"),
  id: requestId,
  key,
  conversation: conversationId,
  title: title.optional(),
  agent: id.optional(),
  whenBusy: whenBusy.optional(),
})

/** The conversations that the user is a member of. */
const conversations = z.object({ type: z.literal("conversations"), id: requestId })

/** Follows a conversation from a cursor, or, without one, from a snapshot. */
const subscribe = z.object({
  type: z.literal("subscribe"),
  id: requestId,
  conversation: conversationId,
  cursor: cursor.optional(),
})

const unsubscribe = z.object({ type: z.literal("unsubscribe"), id: requestId, conversation: conversationId })

/** Messages older than `before` (a seq), newest of them last. */
const history = z.object({
  type: z.literal("history"),
  id: requestId,
  conversation: conversationId,
  before: seq.optional(),
  limit: z.int().min(1).max(limits.historyPageMax).optional(),
})

/** The checkpoints of an agent's thread, newest first: those older than `before`, if it is named. */
const checkpoints = z.object({
  type: z.literal("checkpoints"),
  id: requestId,
  conversation: conversationId,
  /** Whose thread; without it, the conversation's own agent's. */
  agent: id.optional(),
  before: id.optional(),
  limit: z.int().min(1).max(limits.checkpointsPageMax).optional(),
})

/** The graph's state at one checkpoint. */
const checkpoint = z.object({
  type: z.literal("checkpoint"),
  id: requestId,
  conversation: conversationId,
  agent: id.optional(),
  checkpoint: id,
})

/** A new conversation that begins as this one was at a checkpoint, or, without one, as it is now. Whoever forks it owns it. */
const fork = z.object({
  type: z.literal("fork"),
  id: requestId,
  key,
  conversation: conversationId,
  agent: id.optional(),
  checkpoint: id.optional(),
  title: title.optional(),
  /** Members beside whoever forks it. */
  members: z.array(id).max(limits.membersMax).optional(),
})

const members = z.object({ type: z.literal("members"), id: requestId, conversation: conversationId })

const addMember = z.object({
  type: z.literal("member.add"),
  id: requestId,
  key,
  conversation: conversationId,
  user: id,
  role: role.optional(),
})

/** Removes a member; oneself, to leave. */
const removeMember = z.object({
  type: z.literal("member.remove"),
  id: requestId,
  key,
  conversation: conversationId,
  user: id,
})

export const conversationCommands = [
  create,
  update,
  conversations,
  subscribe,
  unsubscribe,
  history,
  checkpoints,
  checkpoint,
  fork,
  members,
  addMember,
  removeMember,
] as const
