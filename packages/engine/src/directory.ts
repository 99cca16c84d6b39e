/** The port of who belongs where. Membership changes are made by `append`, in one step with their event. */
import type { Role } from "@everthread/protocol"

/** Some conversations of a store. */
export interface ConversationsPage {
  readonly conversations: readonly string[]
  /** What to ask for the next page with; `undefined` at the end. */
  readonly next: string | undefined
}

export interface Directory {
  /** @returns the user's role, or `undefined` for somebody who is no member or a conversation that does not exist. */
  role(conversation: string, user: string): Promise<Role | undefined>
  members(conversation: string): Promise<ReadonlyMap<string, Role>>
  /** Conversations the user is a member of, in no order that matters. */
  conversations(user: string): Promise<readonly string[]>
  /**
   * Every conversation of the store, page by page, in no order that matters. Each that was there when the first page was
   * asked for is given, and given once; one that is begun meanwhile may be.
   *
   * @param from what the page before called `next`; `undefined` for the first.
   * @param max how many a page has at most. It may have fewer, none even, and not be the last.
   */
  every(from: string | undefined, max: number): Promise<ConversationsPage>
  /**
   * Calls `listener` when users became members of a conversation, are none any more or have another role there, on any
   * node, once that is stored: with no names where the engine was out of touch, and it may have been anybody. It may be
   * told too often or, if a message is lost, not at all. (SPEC CON8)
   * @returns stops it.
   */
  onChanged(listener: (conversation: string, users: readonly string[]) => void): () => void
}
