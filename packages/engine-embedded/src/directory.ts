/** The port of the directory on the store; what it reads is written by appends. */
import type { Directory } from "@everthread/engine"
import type { Role } from "@everthread/protocol"
import { conversationsOf, memberKey, membersOf } from "./keys.ts"
import type { Store } from "./store.ts"
import { keysUnder, under } from "./tables.ts"

export function directory(store: Store): Directory {
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
  }
}
