/**
 * The messages before those that the state holds, once somebody has paged back.
 *
 * Pages and state stay without a hole between them, and without a message in both: one that leaves the
 * state's window joins the pages. A snapshot may leave a hole of any size, or be of another history, so it
 * drops them.
 */
import {
  type ChatMessage,
  type ConversationState,
  emptyState,
  type LogEvent,
  reduce,
  type Seq,
} from "@everthread/protocol"

export interface Paged {
  /** Where they begin: everything from here on is held, in them or in the state. */
  readonly from: Seq
  /** Oldest first. */
  readonly messages: readonly ChatMessage[]
  /** Whether there are older ones still. */
  readonly more: boolean
}

/** @returns before which seq the next older page ends; `undefined`: at the newest. */
export function nextPageEnd(paged: Paged | undefined, state: ConversationState): Seq | undefined {
  // Not the oldest message of the state: it may be one that an open run needs, with a hole behind it.
  return paged?.from ?? (state.wholeFrom > 0 ? state.wholeFrom : state.messages[0]?.seq)
}

/** Puts an older page before what is there. */
export function withPage(
  paged: Paged | undefined,
  state: ConversationState,
  page: readonly ChatMessage[],
  more: boolean,
): Paged {
  const held = paged?.messages ?? []
  const known = new Set([...held, ...state.messages].map(({ id }) => id))
  const from = page[0]?.seq ?? paged?.from ?? 0
  // The page may have been read before something expired, and have come after we were told.
  return withoutExpired({ from, messages: [...page.filter(({ id }) => !known.has(id)), ...held], more }, state)
}

/** What has expired is held by the state alone, for as long as an open run needs it. (SPEC RET1) */
function withoutExpired(paged: Paged, { expiredUpTo = 0 }: ConversationState): Paged {
  if (expiredUpTo === 0) return paged
  const messages = paged.messages.filter(({ seq }) => seq > expiredUpTo)
  const isWhole = messages.length === paged.messages.length
  return { ...paged, messages: isWhole ? paged.messages : messages, more: paged.more && paged.from > expiredUpTo + 1 }
}

/** @param state before the events. @returns the pages after them. */
export function pagedAfter(paged: Paged, state: ConversationState, events: readonly LogEvent[]): Paged {
  let after = paged
  let before = state
  for (const event of events) {
    const next = reduce(before, event)
    after = withoutExpired(withLeavers(withChange(after, next, event), before, next, event), next)
    before = next
  }
  return after
}

/** What happens to a message that is held here and not in the state. */
function withChange(paged: Paged, state: ConversationState, event: LogEvent): Paged {
  if (event.type !== "edit" && event.type !== "redaction" && event.type !== "reaction") return paged
  const held: ConversationState = { ...emptyState, members: state.members, messages: [...paged.messages] }
  return { ...paged, messages: reduce(held, event).messages }
}

function withLeavers(paged: Paged, before: ConversationState, next: ConversationState, event: LogEvent): Paged {
  // What a rewind takes away is gone, not old.
  if (event.type === "rewind" || before.messages === next.messages) return paged
  const stayed = new Set(next.messages.map(({ id }) => id))
  const left = before.messages.filter(({ id }) => !stayed.has(id))
  return left.length === 0 ? paged : { ...paged, messages: [...paged.messages, ...left] }
}

/** Everything that is held, oldest first. */
export function allMessages(paged: Paged | undefined, state: ConversationState): readonly ChatMessage[] {
  if (!paged || paged.messages.length === 0) return state.messages
  // A message that streamed for long may be older than one that has left the state before it.
  return [...paged.messages, ...state.messages].sort((left, right) => left.seq - right.seq)
}
