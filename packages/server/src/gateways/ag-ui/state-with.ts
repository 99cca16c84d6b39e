/** A thread's state for somebody who may have written to it by way of another node, a moment ago. */
import type { ConversationState } from "@everthread/protocol"
import { stateForMember } from "../../core/commands/access.ts"
import type { Outcome } from "../../core/outcome.ts"
import { asContext, type ThreadPort } from "../langgraph/commands/thread-port.ts"

/** @returns the state, as of after a look at the store where this node does not know something yet. */
export async function stateWith(
  port: ThreadPort,
  isKnown: (state: ConversationState) => boolean,
): Promise<Outcome<ConversationState>> {
  const state = await stateForMember(asContext(port), port.thread)
  if (!state.ok || isKnown(state.result)) return state
  await (await port.core.hub.feed(port.thread))?.check()
  return stateForMember(asContext(port), port.thread)
}
