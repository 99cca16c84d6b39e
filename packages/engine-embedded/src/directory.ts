/** The port of the directory on the store; what it reads is written by appends. */
import type { ConversationsPage, Directory, MemberChange } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import type { Role } from "@everthread/protocol"
import { beforeConversations, conversationsOf, memberKey, membersOf } from "./keys.ts"
import type { Store } from "./store.ts"
import { keysUnder, lastText, type Tables, under } from "./tables.ts"

export interface EmbeddedDirectory extends Directory {
  /** For the event log: these were stored. */
  membersChanged(conversation: string, changes: readonly MemberChange[]): void
}

export function directory(store: Store): EmbeddedDirectory {
  const changed = listenerSet<[conversation: string, users: readonly string[]]>()
  return {
    role: async (conversation, user) =>
      store.read(({ records }) => records.get(memberKey(conversation, user)) as Role | undefined),
    members: async (conversation) =>
      store.read(({ records }) => {
        const found = [...under(records, membersOf(conversation))]
        return new Map(found.map(({ key, value }) => [String(key[2]), value as Role]))
      }),
    conversations: async (user) =>
      store.read(({ records }) => [...keysUnder(records, conversationsOf(user))].map((key) => String(key[2]))),
    every: async (from, max) => store.read((tables) => conversationsFrom(tables, from, max)),
    onChanged(listener) {
      store.assertOpen()
      return changed.add(listener)
    },
    membersChanged(conversation, changes) {
      if (changes.length > 0)
        changed.tell(
          conversation,
          changes.map(({ user }) => user),
        )
    },
  }
}

/** All keys of a conversation lie together and begin with its id: from one id the next is found by passing them over. */
function conversationsFrom({ records }: Tables, from: string | undefined, max: number): ConversationsPage {
  const conversations: string[] = []
  let last = from
  while (conversations.length < max) {
    const start = last === undefined ? beforeConversations() : [last, lastText]
    const [key] = records.getKeys({ start, limit: 1 })
    if (!key) return { conversations, next: undefined }
    last = String(key[0])
    conversations.push(last)
  }
  return { conversations, next: last }
}
