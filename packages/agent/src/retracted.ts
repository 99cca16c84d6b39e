/**
 * Which messages of a run are taken back when it goes on from a checkpoint. (SPEC RUN3)
 *
 * A task that has no result in the checkpoint runs again and says everything again, under new ids: its
 * messages go. A task whose result is there, in the checkpoint itself or among its pending writes, does
 * not run again: its messages stay, and they are complete, because a checkpoint is written only after
 * the log has everything that was said before it (see `langgraph/guarded-saver.ts`). So by where the
 * owner died:
 * - before the run's first checkpoint: everything it said goes (`undefined` for the tasks);
 * - in the middle of a task: that task's messages go, those of its finished siblings stay;
 * - after a task's result was stored, before the next superstep: nothing goes;
 * - while it waits for an answer: the node that asked runs again from its beginning, so what it said
 *   before it asked goes, too.
 * A message that nobody will finish goes in any case.
 */
import type { ChatMessage, Run } from "@everthread/protocol"

/**
 * @param tasksToRun ids of the tasks that the graph will run when it goes on, subgraphs' included, without
 *   tasks that go on inside a subgraph; `undefined` if the thread holds nothing of this run.
 */
export function retractedMessages(
  messages: readonly ChatMessage[],
  run: Run,
  tasksToRun: ReadonlySet<string> | undefined,
): string[] {
  const goes = (message: ChatMessage) =>
    message.status === "streaming" || !tasksToRun || (message.ns ?? []).some((part) => tasksToRun.has(taskOf(part)))
  return messages.filter((message) => message.run === run.id && goes(message)).map((message) => message.id)
}

/** The task's id in a `node:task` part of a path. */
function taskOf(part: string): string {
  return part.slice(part.lastIndexOf(":") + 1)
}
