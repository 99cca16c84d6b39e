/** Has a run's question answered anew, after a warning where the first answer has done something that stays done. */
import type { Conversation } from "@everthread/client"
import { type ReactNode, Suspense, useCallback, useState } from "react"
import { doneActions } from "../model/done-actions.ts"
import { lazyParts } from "../ui/lazy-parts.ts"
import { useWorkspace } from "../ui/workspace.ts"
import type { ChatTools } from "./chat-context.ts"

export interface Anew {
  readonly answerAnew: ChatTools["answerAnew"]
  /** To be drawn. */
  readonly warning: ReactNode
}

export function useAnew(conversation: Conversation): Anew {
  const { notices } = useWorkspace()
  const [open, setOpen] = useState<{ readonly tools: readonly string[]; act(): void }>()
  const answerAnew = useCallback(
    (run: string, before?: () => void) => {
      const act = () => {
        // One after the other, in this order: the outbox keeps it.
        before?.()
        notices.watch(conversation.regenerate(run))
      }
      const tools = doneActions(conversation.snapshot().state, run)
      if (tools.length === 0) act()
      else setOpen({ tools, act })
    },
    [conversation, notices],
  )
  const { AnewWarning } = lazyParts
  const warning = open && (
    <Suspense>
      <AnewWarning tools={open.tools} act={open.act} close={() => setOpen(undefined)} />
    </Suspense>
  )
  return { answerAnew, warning }
}
