/**
 * The keyspace: every key of the environment is made here, and nowhere else.
 *
 * A key is an array, and arrays sort by their elements, so everything of a conversation lies together and
 * an append touches few pages. Numbers sort before text: what belongs to no conversation begins with one.
 *
 * | table       | key                                    | value                                   | lives                         |
 * |-------------|----------------------------------------|-----------------------------------------|-------------------------------|
 * | records     | [0, "format"]                          | the layout's version                    | for ever                      |
 * | records     | [0, "opened"]                          | how many times runs were opened         | for ever                      |
 * | records     | [0, "probe"]                           | when writing was last tried             | for ever                      |
 * | records     | [1, user, conversation]                | role                                    | the membership                |
 * | records     | [2, expiresAt, conversation, hash]     | "" : idempotency keys by their expiry   | the key                       |
 * | records     | [3, conversation, run]                 | OpenRunRecord as JSON                   | until done or settled         |
 * | records     | [4, user, device]                      | SessionRecord as JSON                   | 90 days after it was last seen |
 * | records     | [conversation, "archive", seq]         | a finished message as JSON              | until it expires              |
 * | records     | [conversation, "effect", run, hash]    | EffectRecord as JSON                    | until its run is done         |
 * | records     | [conversation, "key", hash]            | KeyRecord as JSON                       | until it expired and is swept |
 * | records     | [conversation, "log", seq]             | nonce, a space, the entry's body        | until trimmed                 |
 * | records     | [conversation, "log-head"]             | Head as JSON; beside the newest entries | the conversation              |
 * | records     | [conversation, "member", user]         | role                                    | the membership                |
 * | records     | [conversation, "snapshot"]             | cursor, a space, the state as JSON      | until the next one            |
 * | records     | [conversation, "value", name]          | the named value                         | until it becomes null         |
 * | checkpoints | ["b", thread, ns, channel, version]    | a channel's value, framed               | until the thread is deleted   |
 * | checkpoints | ["c", thread, ns, checkpoint]          | checkpoint, metadata and parent, framed | until the thread is deleted   |
 * | checkpoints | ["h", thread, ns]                      | the id of the checkpoint written last   | until the thread is deleted   |
 * | checkpoints | ["w", thread, ns, checkpoint, task, i] | one pending write, framed               | until the thread is deleted   |
 */
import { createHash } from "node:crypto"
import type { Seq } from "@everthread/protocol"

export type StoreKey = (string | number)[]

export const globalKeys = {
  format: [0, "format"],
  opened: [0, "opened"],
  probe: [0, "probe"],
} satisfies Record<string, StoreKey>

export const conversationsOf = (user: string): StoreKey => [1, user]
export const membershipKey = (user: string, conversation: string): StoreKey => [1, user, conversation]

export const keyExpiries = (): StoreKey => [2]
export const keyExpiry = (expiresAt: number, conversation: string, hash: string): StoreKey => [
  2,
  expiresAt,
  conversation,
  hash,
]

export const openRuns = (): StoreKey => [3]
export const openRunKey = (conversation: string, run: string): StoreKey => [3, conversation, run]

export const sessions = (): StoreKey => [4]
export const sessionKey = (user: string, device: string): StoreKey => [4, user, device]

/** Sorts behind everything that belongs to no conversation, and before everything that does. */
export const beforeConversations = (): StoreKey => [Number.MAX_VALUE]

export const archiveKey = (conversation: string, seq: Seq): StoreKey => [conversation, "archive", seq]
export const effectsOf = (conversation: string, run: string): StoreKey => [conversation, "effect", run]
export const effectKey = (conversation: string, run: string, hash: string): StoreKey => [
  conversation,
  "effect",
  run,
  hash,
]
export const headKey = (conversation: string): StoreKey => [conversation, "log-head"]
export const logKey = (conversation: string, seq: Seq): StoreKey => [conversation, "log", seq]
export const membersOf = (conversation: string): StoreKey => [conversation, "member"]
export const memberKey = (conversation: string, user: string): StoreKey => [conversation, "member", user]
export const snapshotKey = (conversation: string): StoreKey => [conversation, "snapshot"]
export const valueKey = (conversation: string, name: string): StoreKey => [conversation, "value", name]
export const idempotencyKey = (conversation: string, hash: string): StoreKey => [conversation, "key", hash]

/** Keys that callers make can be long; a key of the store may not be. */
export function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url")
}

export type CheckpointFamily = "b" | "c" | "h" | "w"
export const checkpointFamilies: readonly CheckpointFamily[] = ["b", "c", "h", "w"]

export const checkpointRecords = (family: CheckpointFamily, ...path: readonly string[]): StoreKey => [family, ...path]
export const channelKey = (thread: string, ns: string, channel: string, version: string | number): StoreKey => [
  "b",
  thread,
  ns,
  channel,
  version,
]
export const checkpointKey = (thread: string, ns: string, checkpoint: string): StoreKey => ["c", thread, ns, checkpoint]
export const newestKey = (thread: string, ns: string): StoreKey => ["h", thread, ns]
export const writeKey = (thread: string, ns: string, checkpoint: string, task: string, index: number): StoreKey => [
  "w",
  thread,
  ns,
  checkpoint,
  task,
  index,
]
