/** What was begun to be written and not sent, for each conversation: it is there again after a reload. */
import type { Keep } from "../platform/keep.ts"

export interface Drafts {
  of(conversation: string): string
  keep(conversation: string, text: string): void
}

/** Drafts are of a person: who signs in next at this browser does not find them. */
export function draftsOf(keep: Keep, user: string): Drafts {
  const keyOf = (conversation: string) => `draft ${JSON.stringify([user, conversation])}`
  return {
    of: (conversation) => keep.get(keyOf(conversation)) ?? "",
    keep: (conversation, text) => keep.set(keyOf(conversation), text === "" ? undefined : text),
  }
}
