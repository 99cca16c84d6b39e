/**
 * Which messages of a run are taken back when it goes on from a checkpoint. (SPEC RUN3)
 *
 * A task that has no result in the checkpoint runs again and says everything again, under new ids: its
 * messages go. A task whose result is there, in the checkpoint itself or among its pending writes, does
 * not run again: its messages stay, and they are complete, because a checkpoint is written only after
 * the log has everything that was said before it (see `langgraph/guarded-saver.ts`). So by where the
 * owner died:
 * - before the run's first checkpoint: everything it said goes (`undefined` for the position);
 * - in the middle of a task: that task's messages go, those of its finished siblings stay;
 * - after a task's result was stored, before the next superstep: nothing goes;
 * - while it waits for an answer: the node that asked runs again from its beginning, so what it said
 *   before it asked goes, too.
 * A task in which a graph has a checkpoint does not run again from its beginning: that graph goes on, and
 * the same holds for the tasks in it, whether the author made it a node or a node calls it.
 * A message that nobody will finish goes in any case.
 */
import type { ChatMessage, Run } from "@everthread/protocol"
import type { ThreadPosition } from "./graph.ts"

type Position = Pick<ThreadPosition, "openTasks" | "inside">

/** @param position of the thread; `undefined` if it holds nothing of this run. */
export function retractedMessages(
  messages: readonly ChatMessage[],
  run: Run,
  position: Position | undefined,
): string[] {
  const goes = (message: ChatMessage) => message.status === "streaming" || !position || isSaidAgain(message, position)
  return messages.filter((message) => message.run === run.id && goes(message)).map((message) => message.id)
}

/** Goes down the path to the task that said it, as far as tasks have no results. */
function isSaidAgain({ ns = [], steps = [] }: ChatMessage, { openTasks, inside }: Position): boolean {
  const [outermost, ...within] = ns
  if (outermost === undefined) return false
  // The path into a graph that keeps its state from one turn to the next names no task there.
  if (hasTask(outermost) && !openTasks.has(taskOf(outermost))) return false
  for (const [index, part] of within.entries()) {
    const graph = inside.get(ns.slice(0, index + 1).join("|"))
    if (!graph) return true
    const step = steps[index]
    if ((step !== undefined && step <= graph.step) || graph.done.has(taskOf(part))) return false
  }
  return true
}

export const hasTask = (part: string): boolean => part.includes(":")

/** The task's id in a `node:task` part of a path. */
export function taskOf(part: string): string {
  return part.slice(part.lastIndexOf(":") + 1)
}
