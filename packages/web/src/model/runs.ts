/** What the runs of a conversation are doing, for people who wait for them. */
import type { ConversationView } from "@everthread/client"
import { type Interrupt, isOpen, type Run } from "@everthread/protocol"

export type RunLine =
  /** `before`: how many of the whole deployment come first; `undefined`: nobody said that it has to wait. */
  | { readonly kind: "queued"; readonly run: Run; readonly before: number | undefined }
  | { readonly kind: "working"; readonly run: Run; readonly node: string }
  /** Its node does nothing, and no other one has taken it over yet. */
  | { readonly kind: "orphaned"; readonly run: Run; readonly node: string }
  | { readonly kind: "recovering"; readonly run: Run; readonly node: string; readonly attempt: number }
  | { readonly kind: "waiting"; readonly run: Run }
  | { readonly kind: "stopping"; readonly run: Run }

/**
 * @param silent nodes that are known to do nothing, by another way than the log.
 * @returns the run that people watch: the one under way, or else the next one.
 */
export function currentRun(
  view: Pick<ConversationView, "state" | "positions">,
  silent: readonly string[] = [],
): RunLine | undefined {
  const open = view.state.runs.filter(isOpen)
  const run = open.find(({ status }) => status !== "queued") ?? open[0]
  return run && lineOf(run, view, silent)
}

function lineOf(
  run: Run,
  { state, positions }: Pick<ConversationView, "state" | "positions">,
  silent: readonly string[],
): RunLine {
  if (run.stopBy) return { kind: "stopping", run }
  if (run.status === "queued") return { kind: "queued", run, before: positions.get(run.id) }
  if (run.status === "waiting") return { kind: "waiting", run }
  const [node, attempt] = [run.node ?? "", attemptOf(run, state.interrupts)]
  if (silent.includes(node)) return { kind: "orphaned", run, node }
  return attempt > 1 ? { kind: "recovering", run, node, attempt } : { kind: "working", run, node }
}

/** Each answer of a person begins another attempt too, and that is nothing to worry about. */
export function attemptOf(run: Run, interrupts: readonly Interrupt[]): number {
  const asked = interrupts.filter((interrupt) => interrupt.run === run.id && interrupt.answer !== undefined)
  // Several questions may have been asked at once: then the first attempts are fewer than the answers.
  return Math.max(1, run.attempt - asked.length)
}
