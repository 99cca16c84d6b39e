/** What one answer tells: a run until it ends, or everything that happens for as long as somebody listens. */
import type { ConversationState } from "../types.ts"
import type { AgUiEvent } from "./events.ts"
import { attachedAt, conversationView, runSoFar, runView, type View } from "./tell.ts"

export interface Plan {
  readonly view: View
  /** Says where it stands when the answer begins. */
  readonly begin: (state: ConversationState) => AgUiEvent[]
  /** Whether what it is about has ended. */
  readonly isOver: (state: ConversationState) => boolean
}

export interface RunPlan {
  readonly threadId: string
  /** What the client calls it. */
  readonly runId: string
  /** The run, as the log calls it; `undefined`: it ended so long ago that the thread has forgotten it. */
  readonly run: string | undefined
  /** What it said behind this place is told from its beginning. */
  readonly since: number
  /** The ids of what the client shows, in its order. */
  readonly clientHas: readonly string[]
}

export function planOfRun({ threadId, runId, run, since, clientHas }: RunPlan): Plan {
  const view: View = run === undefined ? { threadId, legOf: () => undefined } : runView(threadId, runId, run)
  return {
    view,
    begin: (state) => {
      const leg = { threadId, runId, run: view.legOf(state)?.run ?? run }
      return runSoFar(state, view, { leg, since, clientHas })
    },
    isOver: (state) => view.legOf(state) === undefined,
  }
}

export function planOfThread(threadId: string): Plan {
  const view = conversationView(threadId)
  return { view, begin: (state) => attachedAt(state, view), isOver: () => false }
}
