/**
 * Tool calls that nobody has answered, at the end of a thread.
 *
 * Models refuse a history in which something else stands between a call and its result. So a run that is under way takes
 * a person's message in only when there is no such call, and a turn that follows one that was cut off in the middle
 * begins with a result for each, which says that there is none.
 */
import { type BaseMessage, ToolMessage } from "@langchain/core/messages"

export interface OpenCall {
  readonly id: string
  readonly name: string
}

const cutOff = "This call was cut off: it has no result, and nobody knows whether it has had an effect."

/** @param messages a thread's; anything else, of a graph that keeps no messages, has no calls. */
export function openCalls(messages: unknown): OpenCall[] {
  if (!Array.isArray(messages)) return []
  const all = messages as readonly BaseMessage[]
  const last = all.findLastIndex((message) => message.getType() !== "tool")
  const calls = (all[last] as { tool_calls?: readonly { id?: string; name: string }[] } | undefined)?.tool_calls ?? []
  const answered = new Set(all.slice(last + 1).map((message) => (message as ToolMessage).tool_call_id))
  return calls.flatMap(({ id, name }) => (id === undefined || answered.has(id) ? [] : [{ id, name }]))
}

/** The id makes giving it twice harmless to a graph that adds messages by id. */
export function cutOffResults(calls: readonly OpenCall[]): ToolMessage[] {
  return calls.map(
    ({ id, name }) =>
      new ToolMessage({ id: `cut-off-${id}`, tool_call_id: id, name, status: "error", content: cutOff }),
  )
}
