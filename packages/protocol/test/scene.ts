/** A conversation told in a few events, for tests that say what came of it. */
import { type By, type ConversationState, type EventBody, emptyState, reduceAll } from "@everthread/protocol"

export const time = 1_790_000_000_000
export const ann: By = { user: "ann", device: "phone" }
export const bob: By = { user: "bob", device: "desk" }

/** @returns the state after these events, which get the seqs 1, 2, 3 … */
export function after(...bodies: readonly EventBody[]): ConversationState {
  return reduceAll(
    emptyState,
    bodies.map((body, index) => ({ ...body, seq: index + 1 })),
  )
}
