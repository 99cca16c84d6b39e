/** Commands about messages. */
import type { ChatMessage, EventBody, EventOf, Stored } from "@everthread/protocol"
import { append, byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { freshIdChars } from "../core.ts"
import { appendDecided } from "../decided.ts"
import { secondsSince } from "../meter.ts"
import { type Outcome, refused } from "../outcome.ts"
import { refuseUnserved, servedNames } from "../served-agents.ts"
import { findForMember, refusedToMember, standingForAppend } from "./access.ts"
import { addressedAgent } from "./addressed.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"
import { tooMany } from "./too-many.ts"
import { whatBecomesOf } from "./when-busy.ts"

type MessageCommand = "send" | "edit" | "redact" | "react" | "read"

export const messageHandlers: HandlersOf<MessageCommand> = {
  async send(context, command) {
    const { clock, meter } = context.core
    const takenUpAt = clock.monotonic()
    const outcome = await send(context, command)
    if (outcome.ok && !outcome.result.duplicate) meter.messageStored(secondsSince(takenUpAt, clock.monotonic()))
    return outcome
  },

  edit: (context, command) =>
    change(context, command, authorOnly, (by, time) => ({
      type: "edit",
      time,
      by,
      message: command.message,
      text: command.text,
    })),

  redact: (context, command) =>
    change(context, command, authorOrOwner, (by, time) => ({
      type: "redaction",
      time,
      by,
      message: command.message,
    })),

  react: (context, command) =>
    change(context, command, anybody, (by, time) => ({
      type: "reaction",
      time,
      by,
      message: command.message,
      reaction: command.reaction,
      on: command.on,
    })),

  read({ core, actor }, command) {
    const receipt: EventBody = { type: "receipt", time: core.clock.now(), by: byOf(actor), upTo: command.upTo }
    return append(core, { command, actor, bodies: [receipt] })
  },
}

/** Stores a message and, where an agent is to answer it, the run that asks for the answer, in one step. */
async function send(context: CommandContext, command: CommandOf<"send">): StoredOutcome {
  const { core, actor } = context
  const { conversation, key, text, replyTo } = command
  const state = await standingForAppend(context, conversation)
  if (!state.ok) return state
  // A text that begins with `@` may name an agent that this node, where it knows of none yet, has only to look for.
  const names = text.startsWith("@") ? await servedNames(core.agents) : core.agents.names
  const agent = addressedAgent(command, state.result.agent, names)
  const unserved = agent === undefined ? undefined : await refuseUnserved(agent, core.agents)
  if (unserved) return refusedToMember(context, conversation, unserved)
  // The last thing before the append: who is refused for another reason has used up nothing.
  const waitMs = await core.sends.take(actor.user)
  if (waitMs > 0) {
    core.meter.rateLimited()
    return tooMany("messages", waitMs)
  }

  const id = core.random.id(freshIdChars)
  const time = core.clock.now()
  const message: EventOf<"message"> = {
    type: "message",
    time,
    by: byOf(actor),
    id,
    key,
    text,
    ...(agent === undefined ? {} : { agent }),
    ...(replyTo === undefined ? {} : { replyTo }),
  }
  if (agent === undefined) return append(core, { command, actor, bodies: [message], ref: id })
  const run = core.random.id(freshIdChars)
  const outcome = await appendDecided(core, { command, actor, ref: id }, (held) =>
    whatBecomesOf(command.whenBusy ?? held.whenBusy ?? "enqueue", held, { message, run, agent }),
  )
  return outcome.ok ? outcome : refusedToMember(context, conversation, outcome)
}

type Permission = (message: ChatMessage, context: CommandContext, isOwner: boolean) => boolean

const anybody: Permission = () => true
const authorOnly: Permission = (message, { actor }) => message.by?.user === actor.user
const authorOrOwner: Permission = (message, context, isOwner) => isOwner || authorOnly(message, context, isOwner)

/** Appends an event about a message that is still at hand, if the actor may. */
async function change(
  context: CommandContext,
  command: CommandOf<"edit" | "redact" | "react">,
  may: Permission,
  event: (by: { user: string; device: string }, time: number) => EventBody,
): Promise<Outcome<Stored>> {
  const { core, actor } = context
  const { conversation } = command
  const lookup = await findForMember(context, conversation, ({ messages }) =>
    messages.find((held) => held.id === command.message),
  )
  if (!lookup.ok) return lookup
  const { found: message, state } = lookup.result
  if (!message) return noMessage(command.message)
  const isOwner = state.members[actor.user] === "owner"
  if (!may(message, context, isOwner)) return refused("forbidden", { message: forbiddenText[command.type] })
  const bodies = [event(byOf(actor), core.clock.now())]
  return append(core, { command, actor, bodies, ref: message.id })
}

const forbiddenText = {
  edit: "Only the person who wrote a message may edit it.",
  redact: "Only the person who wrote a message, or an owner of the conversation, may take it back.",
  react: "This message takes no reactions.",
} as const

function noMessage(id: string) {
  const message = `There is no message ${JSON.stringify(id)} among the newest of this conversation; older ones cannot be changed.`
  return refused("not_found", { field: "message", message })
}
