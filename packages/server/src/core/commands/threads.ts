/** What the commands about agents' threads share. */
import type { ConversationState, ForkOrigin } from "@everthread/protocol"
import { refused } from "../outcome.ts"

/** Where the agent's thread came from, if it came along when the conversation was forked. */
export function originOf({ from }: ConversationState, agent: string): ForkOrigin["thread"] {
  return from?.thread?.agent === agent ? from.thread : undefined
}

export function noAgent() {
  const message = "agent: this conversation has no agent of its own; name the one whose checkpoints you mean."
  return refused("invalid_field", { field: "agent", message })
}

export function noCheckpoint(id: string) {
  const message = `There is no checkpoint ${JSON.stringify(id)} of this agent here: it never was, or it was pruned away.`
  return refused("not_found", { field: "checkpoint", message })
}

/** For good: a node that was put together without checkpoints gets none later, so nobody is told to try again. */
export function noHistory() {
  const message = "This node was given no checkpoints: none can be listed, looked at or forked from on it."
  return refused("unknown_command", { field: "checkpoints", message })
}
