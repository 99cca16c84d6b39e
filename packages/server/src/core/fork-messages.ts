/** The messages that a fork takes along, and which of them the agent's thread knows already. (SPEC HIS3, HIS5) */
import { type ChatMessage, type CheckpointEntry, type ConversationState, limits, type Seq } from "@everthread/protocol"
import type { Core } from "./core.ts"
import { historyPage } from "./history.ts"

/** @returns those that began at or before the place, oldest first; the newest, where there are more than a fork may have. */
export async function forkMessages(core: Core, conversation: string, upTo: Seq): Promise<readonly ChatMessage[]> {
  const page = await historyPage(core, conversation, upTo + 1, limits.forkMessagesMax)
  const messages = page?.messages ?? []
  let room = limits.forkCharsMax
  const isTooMuch = (message: ChatMessage): boolean => {
    room -= JSON.stringify(message).length
    return room < 0
  }
  return messages.slice(messages.findLastIndex(isTooMuch) + 1)
}

/**
 * @param point the checkpoint, as the conversation that is forked sees it.
 * @returns the last of the messages that the thread was given by then, or `undefined` for none. What is not counted here is
 *   given to the agent again, under the id that it knows; what is counted wrongly it would never see.
 */
export function lastSeen(
  state: ConversationState,
  messages: readonly ChatMessage[],
  agent: string,
  point: CheckpointEntry,
): ChatMessage | undefined {
  const thread = state.from?.thread
  if (thread?.agent === agent && thread.checkpoint === point.checkpoint)
    return messages.findLast(({ seq }) => seq <= thread.seen)
  const input = state.runs.find(({ id }) => id === point.run)?.message
  return messages.find(({ id }) => id === input) ?? lastAskedBefore(messages, agent, point.run)
}

/** Of a run that is long over it is only known what it said: what was asked last before that is what it answered. */
function lastAskedBefore(
  messages: readonly ChatMessage[],
  agent: string,
  run: string | undefined,
): ChatMessage | undefined {
  const said = messages.findIndex((message) => message.run !== undefined && message.run === run)
  const before = said < 0 ? messages : messages.slice(0, said)
  return before.findLast((message) => message.role === "user" && message.agent === agent)
}
