/**
 * Decides by what the log holds, and stores the decision only where the log still holds that. (SPEC LOG3)
 *
 * The store refuses what was decided by a state that it has left behind; then it is decided anew. A refusal is looked at
 * twice, too: what this node knows may be behind the store, and nobody is told `busy` of a run that has ended.
 */
import type { ConversationState, EventBody } from "@everthread/protocol"
import { append, type Guards, movedOn, notMember, type Write } from "./append.ts"
import type { StoredOutcome } from "./commands/handler.ts"
import type { Core } from "./core.ts"
import type { Outcome } from "./outcome.ts"

export interface Decision {
  readonly bodies: readonly EventBody[]
  readonly guards: Omit<Guards, "after" | "grownMax">
  /** By how many entries the log may have grown for this still to be right. */
  readonly grownMax: number
}

/** Each try that fails is one that somebody else's append was in between: while an agent speaks, a few in a row. */
const triesMax = 16

export async function appendDecided(
  core: Core,
  write: Omit<Write, "bodies" | "guards">,
  decide: (state: ConversationState) => Outcome<Decision>,
): StoredOutcome {
  const { conversation } = write.command
  for (let tries = 0; tries < triesMax; tries++) {
    const feed = await core.hub.feed(conversation)
    if (tries > 0) await feed?.check()
    const known = await feed?.state()
    if (!known) return notMember(conversation)
    const decision = decide(known.state)
    if (!decision.ok && tries > 0) return decision
    if (!decision.ok) continue
    const { bodies, guards, grownMax } = decision.result
    const outcome = await append(core, { ...write, bodies, guards: { ...guards, after: known.cursor, grownMax } })
    if (outcome !== movedOn) return outcome
  }
  return movedOn
}
