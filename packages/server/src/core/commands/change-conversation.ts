/** The command that changes what a conversation is called, who answers in it, and what becomes of messages to a busy agent. */
import type { EventBody } from "@everthread/protocol"
import { append, byOf, type Write } from "../append.ts"
import type { CommandOf } from "../command.ts"
import type { Core } from "../core.ts"
import { titleName } from "../new-conversation.ts"
import { refused } from "../outcome.ts"
import { refuseUnserved } from "../served-agents.ts"
import { memberOnly } from "./access.ts"
import type { CommandContext, StoredOutcome } from "./handler.ts"

type Change = CommandOf<"conversation.update">

/** Two owners at once are rare; that many in a row are a store that does not keep its word. */
const triesMax = 8

export async function changeConversation(context: CommandContext, command: Change): StoredOutcome {
  const { core } = context
  const { title, agent, whenBusy } = command
  const role = await memberOnly(context, command.conversation)
  if (!role.ok) return role
  if (role.result !== "owner") return refused("forbidden", { message: "Only an owner may change the conversation." })
  if (title === undefined && agent === undefined && whenBusy === undefined) return nothingNamed()
  const unserved = await refuseUnserved(agent, core.agents)
  if (unserved) return unserved
  for (let tries = 0; tries < triesMax; tries++) {
    const outcome = await appendChange(context, command)
    if (outcome !== outdated) return outcome
  }
  return outdated
}

const outdated = refused("unavailable", { message: "The title changes all the time; try again." })

function appendChange({ core, actor }: CommandContext, command: Change): StoredOutcome {
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
async function appendTitle(core: Core, write: Write, title: string): StoredOutcome {
  const is = await core.engine.log.value(write.command.conversation, titleName)
  const expect = { name: titleName, is, becomes: title }
  return append(core, { ...write, guards: { expect }, unexpected: () => outdated })
}

function nothingNamed() {
  const message = "title: name what is to change: the title, the agent, or whenBusy."
  return refused("invalid_field", { field: "title", message })
}
