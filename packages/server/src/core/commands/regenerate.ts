/**
 * The command that has an agent answer anew. (SPEC RUN9)
 *
 * What was said is taken back in the step that asks for another run, so no device ever shows both, and of two who ask
 * at the same moment the second is told that the answer is not the last one any more.
 */
import { type ConversationState, type EventBody, isOpen, limits, type Run } from "@everthread/protocol"
import { byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { type Core, freshIdChars } from "../core.ts"
import { appendDecided, type Decision } from "../decided.ts"
import { done, type Outcome, refused } from "../outcome.ts"
import { refuseUnserved } from "../served-agents.ts"
import { findForMember } from "./access.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"
import { tooMany } from "./too-many.ts"

type Regenerate = CommandOf<"regenerate">

export const regenerateHandlers: HandlersOf<"regenerate"> = { regenerate }

async function regenerate(context: CommandContext, command: Regenerate): StoredOutcome {
  const { core, actor } = context
  const lookup = await findForMember(context, command.conversation, ({ runs }) =>
    runs.find((held) => held.id === command.run && !isOpen(held)),
  )
  if (!lookup.ok) return lookup
  const { state, found: run } = lookup.result
  const unserved = await refuseUnserved(run?.agent, core.agents)
  if (unserved) return unserved
  if (run && !(await isKept(core, command.conversation, state, run))) return notKept()
  const waitMs = await core.sends.take(actor.user)
  if (waitMs > 0) return tooMany("messages", waitMs)
  const id = core.random.id(freshIdChars)
  return appendDecided(core, { command, actor, ref: id }, (held) => {
    const again = answeredAnew(context, held, command.run)
    return again.ok ? done(decisionFor(context, held, again.result, id)) : again
  })
}

/** One step takes back what was said and asks for it anew. Nothing may have come in between: it might be another run. */
function decisionFor(
  { core, actor }: CommandContext,
  { messages }: ConversationState,
  run: Run,
  next: string,
): Decision {
  const about = { time: core.clock.now(), by: byOf(actor) }
  const said = messages.filter((held) => held.run === run.id).map(({ id }) => id)
  const { agent, message, attempt, before: from } = run
  const rewind: EventBody = {
    type: "rewind",
    time: about.time,
    run: run.id,
    attempt: Math.max(attempt, 1),
    messages: said,
  }
  const again = { run: run.id, ...(from === undefined ? {} : { from }) }
  const queued: EventBody = { type: "run.queued", ...about, run: next, agent, message, again }
  return {
    bodies: [...(said.length > 0 ? [rewind] : []), queued],
    guards: { runs: [{ run: next, state: "open", about: { agent, user: actor.user } }] },
    grownMax: 0,
  }
}

/** @returns the run whose answer is to be given anew, if this actor may ask for that. */
function answeredAnew({ actor }: CommandContext, state: ConversationState, id: string): Outcome<Run> {
  const run = state.runs.find((held) => held.id === id)
  if (!run) return refused("not_found", { field: "run", message: `There is no run ${JSON.stringify(id)} here.` })
  if (isOpen(run)) return refused("busy", { field: "run", message: "The run has not ended; stop it first." })
  // What was merged into another run was answered by that one, and what was taken out of the queue by none.
  const own = state.runs.filter(
    (held) => held === run || (held.agent === run.agent && !held.into && (isOpen(held) || held.attempt > 0)),
  )
  if (run.into !== undefined || own.at(-1) !== run) return notTheLast()
  const asked = state.messages.find((message) => message.id === run.message)
  if (!asked || asked.redacted)
    return refused("not_found", { field: "run", message: "What it answered is not here any more." })
  if (run.by.user !== actor.user && state.members[actor.user] !== "owner")
    return refused("forbidden", { message: "Only who asked, or an owner, may have it answered anew." })
  if (state.runs.filter(isOpen).length >= limits.openRunsMax) return refused("limit_reached")
  return done(run)
}

/** Only so many checkpoints are kept. A node that was given none leaves it to the run to find out. */
async function isKept(
  { checkpoints }: Core,
  conversation: string,
  { firstAgent }: ConversationState,
  { agent, before }: Run,
): Promise<boolean> {
  if (!checkpoints || !before) return true
  return (await checkpoints.read({ conversation, agent, firstAgent }, before)) !== undefined
}

function notTheLast() {
  const message = "Only the last answer of an agent can be given anew; somebody may have been faster."
  return refused("not_found", { field: "run", message })
}

function notKept() {
  const message = "Where the agent stood before this answer is not kept any more; send the message again instead."
  return refused("not_found", { field: "run", message })
}
