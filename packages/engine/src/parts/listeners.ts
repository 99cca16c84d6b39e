/** Who listens to which conversation, in this process. */
import type { Appended, LogListener } from "../event-log.ts"
import { notify } from "./notify.ts"

export interface Listeners {
  add(conversation: string, listener: LogListener): () => void
  appended(appended: Appended): void
  ephemeral(conversation: string, body: string): void
  missed(conversation: string): void
  unheard(conversation: string): void
}

export function listeners(): Listeners {
  const byConversation = new Map<string, Set<LogListener>>()
  const of = (conversation: string) => byConversation.get(conversation) ?? []
  return {
    add(conversation, listener) {
      // Wrapped, because the same listener may be added twice and each adding ends by itself.
      const own: LogListener = {
        appended: (appended) => listener.appended(appended),
        ephemeral: (name, body) => listener.ephemeral(name, body),
        missed: (name) => listener.missed(name),
        unheard: (name) => listener.unheard?.(name),
      }
      const all = byConversation.get(conversation) ?? new Set()
      byConversation.set(conversation, all.add(own))
      return () => {
        all.delete(own)
        if (all.size === 0 && byConversation.get(conversation) === all) byConversation.delete(conversation)
      }
    },
    appended: (appended) => notify(of(appended.conversation), (listener) => listener.appended(appended)),
    ephemeral: (name, body) => notify(of(name), (listener) => listener.ephemeral(name, body)),
    missed: (name) => notify(of(name), (listener) => listener.missed(name)),
    unheard: (name) => notify(of(name), (listener) => listener.unheard?.(name)),
  }
}
