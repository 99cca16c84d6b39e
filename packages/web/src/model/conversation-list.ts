/**
 * The client's list as the app shows it: with titles and previews, the newest first. It changes only when what the list
 * shows does, however many tokens come in.
 */
import type { ConversationList, ListedConversation } from "@everthread/client"
import { createStore, type Readable } from "../platform/store.ts"
import { byTime, type ListEntry, listEntry, sameEntry } from "./list-entry.ts"

export interface ShownList {
  /** `false`: nobody has answered yet. */
  readonly isKnown: boolean
  readonly entries: readonly ListEntry[]
}

export interface ShownConversations extends Readable<ShownList> {
  /** Asks which there are. */
  refresh(): Promise<void>
  /** Shows what is new in this one, however many there are. */
  follow(conversation: string): void
  close(): void
}

export function showList(list: ConversationList, user: string): ShownConversations {
  const store = createStore<ShownList>({ isKnown: false, entries: [] })
  let rows = new Map<string, { readonly listed: ListedConversation; readonly entry: ListEntry }>()
  const look = () => {
    const { isKnown, conversations } = list.snapshot()
    const before = rows
    rows = new Map(
      conversations.map((listed) => [listed.conversation, rowOf(listed, before.get(listed.conversation), user)]),
    )
    const entries = [...rows.values()].map(({ entry }) => entry)
    const isSame = entries.length === before.size && entries.every((entry) => before.get(entry.id)?.entry === entry)
    if (!isSame || isKnown !== store.snapshot().isKnown) store.set({ isKnown, entries: byTime(entries) })
  }
  const stop = list.subscribe(look)
  look()
  return {
    snapshot: store.snapshot,
    subscribe: store.subscribe,
    refresh: () => list.refresh(),
    follow: (conversation) => list.follow(conversation),
    close() {
      stop()
      list.close()
    },
  }
}

/** The very same entry for as long as it shows the same. */
function rowOf(
  listed: ListedConversation,
  before: { listed: ListedConversation; entry: ListEntry } | undefined,
  user: string,
) {
  if (before?.listed === listed) return before
  const entry = listEntry(listed, user)
  return { listed, entry: before && sameEntry(before.entry, entry) ? before.entry : entry }
}
