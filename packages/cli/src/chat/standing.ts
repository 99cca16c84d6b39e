/**
 * Where what one has asked for stands in line, and what it waits for: pure, from a view.
 *
 * A run of this conversation waits for those before it, of which one may wait for a person; where every worker of the
 * deployment is busy, it waits for one of them, too.
 */
import type { ConversationView } from "@everthread/client"
import { type Interrupt, isOpen, type Run } from "@everthread/protocol"
import { cleanLine } from "./clean.ts"
import { howToAnswer } from "./lines.ts"
import type { ChatTexts } from "./texts.ts"

export type Standing =
  /** The run before it asked somebody. */
  | { readonly kind: "question"; readonly run: Run; readonly user: string; readonly interrupt: Interrupt }
  | { readonly kind: "runs"; readonly run: Run; readonly before: number }
  | { readonly kind: "workers"; readonly run: Run; readonly before: number }

/** @returns where each run of the queue stands. */
export function standingsOf(view: ConversationView): Standing[] {
  return view.queue.flatMap((run) => standingOf(run, view) ?? [])
}

/** @param self `user/device`. @returns whether that device asked for the run. */
export function isRunOf(self: string, { by }: Run): boolean {
  return `${by.user}/${by.device}` === self
}

/** @returns nothing for one that is about to begin. */
function standingOf(run: Run, { state, positions }: ConversationView): Standing | undefined {
  const ahead = state.runs
    .slice(
      0,
      state.runs.findIndex(({ id }) => id === run.id),
    )
    .filter(isOpen)
  const asking = ahead.find(({ status }) => status === "waiting")
  const interrupt = state.interrupts.find((each) => each.run === asking?.id && each.answer === undefined)
  if (asking && interrupt) return { kind: "question", run, user: asking.by.user, interrupt }
  if (ahead.length > 0) return { kind: "runs", run, before: ahead.length }
  const before = positions.get(run.id)
  return before === undefined ? undefined : { kind: "workers", run, before }
}

/** @returns one line. */
export function standingText(standing: Standing, texts: ChatTexts): string {
  switch (standing.kind) {
    case "question":
      return texts.behindQuestion(cleanLine(standing.user), howToAnswer(standing.interrupt, texts))
    case "runs":
      return texts.behindRuns(standing.before)
    case "workers":
      return texts.waiting(cleanLine(standing.run.agent), standing.before)
  }
}
