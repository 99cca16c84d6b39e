/** Commands about the order in which a conversation's agents work, and about the conversation itself. */
import { type EventBody, isWaitingItsTurn } from "@everthread/protocol"
import { append, byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { titleName } from "../new-conversation.ts"
import { refused } from "../outcome.ts"
import { findForMember, memberOnly } from "./access.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"
import { unknownAgent } from "./messages.ts"
import { openRun } from "./runs.ts"

export const queueHandlers: HandlersOf<"promote" | "conversation.update"> = {
  promote,
  "conversation.update": update,
}

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

/** Two owners at once are rare; that many in a row are a store that does not keep its word. */
const triesMax = 8

async function update(context: CommandContext, command: CommandOf<"conversation.update">): StoredOutcome {
  const { core } = context
  const { title, agent, whenBusy } = command
  const role = await memberOnly(context, command.conversation)
  if (!role.ok) return role
  if (role.result !== "owner") return refused("forbidden", { message: "Only an owner may change the conversation." })
  if (title === undefined && agent === undefined && whenBusy === undefined) return nothingNamed()
  if (agent !== undefined && !core.agents.names.includes(agent)) return unknownAgent(agent, core.agents.names)
  for (let tries = 0; tries < triesMax; tries++) {
    const outcome = await appendChange(context, command)
    if (outcome !== outdated) return outcome
  }
  return outdated
}

const outdated = refused("unavailable", { message: "The title changes all the time; try again." })

function appendChange({ core, actor }: CommandContext, command: CommandOf<"conversation.update">): StoredOutcome {
  const { title, agent, whenBusy } = command
  const changed: EventBody = {
    type: "conversation.changed",
    time: core.clock.now(),
    by: byOf(actor),
    ...(title === undefined ? {} : { title }),
    ...(agent === undefined ? {} : { agent }),
    ...(whenBusy === undefined ? {} : { whenBusy }),
  }
  const write = { command, actor, bodies: [changed] }
  return title === undefined ? append(core, write) : appendTitle(core, write, title)
}

/** The title of the lists, which stands beside the log, changes in the same step. */
async function appendTitle(
  core: CommandContext["core"],
  write: Parameters<typeof append>[1],
  title: string,
): StoredOutcome {
  const is = await core.engine.log.value(write.command.conversation, titleName)
  const expect = { name: titleName, is, becomes: title }
  return append(core, { ...write, guards: { expect }, unexpected: () => outdated })
}

function nothingNamed() {
  const message = "title: name what is to change: the title, the agent, or whenBusy."
  return refused("invalid_field", { field: "title", message })
}
