/** Loads older messages when somebody comes near to where they belong, or asks for them. */
import type { ConversationView } from "@everthread/client"
import { type RefCallback, useCallback, useState } from "react"
import { useChat } from "../chat/chat-context.ts"
import { useWorkspace } from "../ui/workspace.ts"

/** How far above what is seen loading begins. */
const marginPx = 400

export interface Older {
  readonly isLoading: boolean
  load(): void
  /** Put it where older messages belong. */
  readonly sentinel: RefCallback<HTMLElement>
}

export function useOlder(view: ConversationView): Older {
  const { conversation } = useChat()
  const { notices } = useWorkspace()
  const [isLoading, setLoading] = useState(false)
  // By the oldest that is there: each page that comes in is looked at anew, and not only when somebody scrolls.
  const oldest = view.messages[0]?.id
  const load = useCallback(() => {
    setLoading(true)
    notices.watch(conversation.loadOlder().finally(() => setLoading(false)))
  }, [conversation, notices])
  // biome-ignore lint/correctness/useExhaustiveDependencies: see `oldest`.
  const sentinel = useCallback<RefCallback<HTMLElement>>(
    (element) => {
      if (!element) return
      const near = { root: element.closest("section"), rootMargin: `${marginPx}px 0px 0px` }
      const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && load(), near)
      observer.observe(element)
      return () => observer.disconnect()
    },
    [load, oldest],
  )
  return { isLoading, load, sentinel }
}
