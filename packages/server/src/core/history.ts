/**
 * Paging back: what the state holds, what it dropped since the last snapshot, and the archive, as one
 * run of messages. (SPEC LOG8, RET1)
 */
import type { ChatMessage, ConversationState, Seq } from "@everthread/protocol"
import type { Core } from "./core.ts"
import { hasExpired } from "./fold.ts"

export interface HistoryPage {
  /** Oldest first. */
  readonly messages: ChatMessage[]
  /** Whether there are older ones. */
  readonly more: boolean
  /** What it was taken from. */
  readonly state: ConversationState
}

/** @returns at most `max` messages that began before the seq, the newest of them, or `undefined` without such a conversation. */
export async function historyPage(
  core: Core,
  conversation: string,
  before: Seq,
  max: number,
): Promise<HistoryPage | undefined> {
  const feed = await core.hub.feed(conversation)
  const folded = await feed?.state()
  if (!folded) return undefined
  const isBefore = (message: ChatMessage) => message.seq < before
  const recent = [...folded.dropped, ...folded.state.messages].filter(isBefore)
  // Also where the recent ones would do: one that is still being said may be older than some of the archive.
  // One more than asked for tells whether there are older ones.
  const archived = await archivedBefore(core, conversation, before, max + 1)
  // What has expired and is still there is about to be cut, by a node that may have died before it came to that.
  const kept = archived.filter((message) => !hasExpired(folded.state, message))
  const all = bySeq([...kept, ...recent])
  return { messages: all.slice(-max), more: all.length > max, state: folded.state }
}

async function archivedBefore(core: Core, conversation: string, before: Seq, max: number): Promise<ChatMessage[]> {
  const archived = await core.engine.log.archived(conversation, before, max)
  return archived.map((message) => JSON.parse(message.body) as ChatMessage)
}

/** In the log's order, each once: a compaction under way may have put into the archive what is still held here. */
function bySeq(messages: readonly ChatMessage[]): ChatMessage[] {
  const unique = new Map(messages.map((message) => [message.seq, message]))
  return [...unique.values()].sort((a, b) => a.seq - b.seq)
}
