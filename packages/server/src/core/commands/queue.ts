/** The command that changes the order in which a conversation's agents work. */
import { type EventBody, isWaitingItsTurn } from "@everthread/protocol"
import { append, byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { refused } from "../outcome.ts"
import { findForMember } from "./access.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"
import { openRun } from "./runs.ts"

export const queueHandlers: HandlersOf<"promote"> = { promote }

/** Has a run be the next one. Where a worker was faster the run has its turn all the same, and this changes nothing. */
async function promote(context: CommandContext, command: CommandOf<"promote">): StoredOutcome {
  const { core, actor } = context
  const lookup = await findForMember(context, command.conversation, ({ runs }) =>
    runs.find(({ id }) => id === command.run),
  )
  if (!lookup.ok) return lookup
  const run = openRun(lookup.result.state, command.run)
  if (!run.ok) return run
  if (run.result.stopBy || !isWaitingItsTurn(run.result)) return notWaiting()
  const promoted: EventBody = { type: "run.promoted", time: core.clock.now(), by: byOf(actor), run: command.run }
  return append(core, { command, actor, bodies: [promoted], ref: command.run })
}

function notWaiting() {
  const message = "The run does not wait its turn any more: it is under way, or is being stopped."
  return refused("invalid_field", { field: "run", message })
}
