/**
 * What a device has missed where the log is not kept entry by entry any more: the messages that became whole
 * after its place, out of the archive and the snapshot, in the order in which they became whole. (SPEC SIM3, LOG8)
 *
 * The archive can only be read backwards. So it is read twice: backwards for where its pages end, then the
 * pages forwards, and never more than one of them is held.
 */
import type { ArchivedMessage, EventLog } from "@everthread/engine"
import { type ChatMessage, type ConversationState, type Seq, seqOf } from "@everthread/protocol"
import { seqOfText } from "./write.ts"

export interface MissedRange {
  readonly conversation: string
  /** Everything up to and including it has been seen. */
  readonly since: Seq
  /** The snapshot's own place. */
  readonly cursor: string
  readonly state: ConversationState
}

/** Messages in one page of the archive. */
const pageMax = 200

export async function* missedMessages(log: EventLog, range: MissedRange): AsyncGenerator<readonly ChatMessage[]> {
  const { conversation, since, state } = range
  const isMissed = missedIn(range)
  // What the snapshot holds may be older than much of the archive: a run that has not ended needs it. And what was begun
  // in a page that has been read may have been finished beyond it. Its turn comes later.
  let late = state.messages.filter((message) => seqOfText(message) > since)
  for (const before of state.older ? await pageEnds(log, range) : []) {
    const page = (await log.archived(conversation, before, pageMax)).map(parse).filter(isMissed)
    const known = [...late, ...page].sort(byText)
    late = known.filter((message) => seqOfText(message) >= before)
    yield known.filter((message) => seqOfText(message) < before)
  }
  yield late.sort(byText)
}

/** @returns the seqs below which the pages stand, the oldest page that holds anything missed first. */
async function pageEnds(log: EventLog, range: MissedRange): Promise<Seq[]> {
  const isMissed = missedIn(range)
  const ends: Seq[] = []
  for (let before = seqOf(range.cursor) + 1; ; ) {
    const page = (await log.archived(range.conversation, before, pageMax)).map(parse)
    const [oldest] = page
    if (!oldest || (!page.some(isMissed) && oldest.seq <= range.since)) return ends.reverse()
    ends.push(before)
    before = oldest.seq
  }
}

/** The archive may hold already what the snapshot still does: a newer one was taken meanwhile. */
function missedIn({ since, cursor, state }: MissedRange): (message: ChatMessage) => boolean {
  const held = new Set(state.messages.map(({ id }) => id))
  const end = seqOf(cursor)
  return (message) => seqOfText(message) > since && seqOfText(message) <= end && !held.has(message.id)
}

const parse = (archived: ArchivedMessage): ChatMessage => JSON.parse(archived.body) as ChatMessage
const byText = (a: ChatMessage, b: ChatMessage): number => seqOfText(a) - seqOfText(b)
