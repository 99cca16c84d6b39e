/** Commands about conversations: make, change, find, enter, look back. */

import type { ConversationEntry, MemberEntry, Stored } from "@everthread/protocol"
import { keyReused, notMember, outcomeOfRepeat } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { freshIdChars } from "../core.ts"
import { historyPage } from "../history.ts"
import { createConversation, madeUpId, titleName } from "../new-conversation.ts"
import { done, type Outcome, refused } from "../outcome.ts"
import { refuseUnserved } from "../served-agents.ts"
import { memberOnly, stateForMember, stillMember } from "./access.ts"
import { changeConversation } from "./change-conversation.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"
import { memberEntries, memberHandlers } from "./members.ts"
import { tooManyMade } from "./too-many.ts"

type ConversationCommand = "create" | "conversation.update" | "conversations" | "history" | "join" | "status"

/** How many conversations of a list are looked up in one turn of the event loop. */
const entriesATurn = 20
/** How many messages a page of history has where the device does not say. */
const historyPageDefault = 50

export const conversationHandlers: HandlersOf<ConversationCommand> = {
  create,
  "conversation.update": changeConversation,

  async conversations(context) {
    const { core, actor } = context
    const ids = await core.engine.directory.conversations(actor.user)
    const entries: (ConversationEntry | undefined)[] = []
    for (const [index, id] of ids.entries()) {
      // However many somebody has, the others on this node are served in between.
      if (index % entriesATurn === 0) await new Promise<void>((resolve) => core.clock.endOfTick(resolve))
      entries.push(await conversationEntry(context, id))
    }
    return done({ conversations: entries.filter((entry) => entry !== undefined) })
  },

  async history(context, { conversation, before, limit }) {
    const member = await memberOnly(context, conversation)
    if (!member.ok) return member
    const until = before ?? Number.MAX_SAFE_INTEGER
    const page = await historyPage(context.core, conversation, until, limit ?? historyPageDefault)
    if (!page) return notMember(conversation)
    const still = await stillMember(context, conversation, page.state)
    return still.ok ? done({ conversation, messages: page.messages, more: page.more }) : still
  },

  join,

  async status(context, { conversation }) {
    const state = await stateForMember(context, conversation)
    if (!state.ok) return state
    const { core } = context
    const members: MemberEntry[] = await memberEntries(core, conversation)
    const { runs, messageCount } = state.result
    return done({ node: core.node, connections: core.connections(), runs, messageCount, members })
  },
}

/** @returns `undefined` for one that the user has just left. */
async function conversationEntry(
  context: CommandContext,
  conversation: string,
): Promise<ConversationEntry | undefined> {
  const { core, actor } = context
  const title = await core.engine.log.value(conversation, titleName)
  // Asked behind the title: one that was given after they left is not for them. (SPEC CON5)
  const role = await core.engine.directory.role(conversation, actor.user)
  if (!role) return undefined
  return { conversation, role, ...(title === null ? {} : { title }) }
}

/** Makes a conversation with its first members; whoever makes it owns it. */
async function create(context: CommandContext, command: CommandOf<"create">): StoredOutcome {
  const conversation = command.conversation ?? madeUpId(context.actor, command.key)
  const allowed = await mayCreate(context, conversation, command.agent)
  if (!allowed.ok) return allowed
  const limited = await tooManyMade(context)
  if (limited) return (await outcomeOfRepeat(context.core, context.actor, command, conversation)) ?? limited
  const created = await createConversation(context.core, context.actor, { ...command, conversation }, command)
  if (created.status === "exists") {
    if (command.conversation === undefined) return keyReused(command.key)
    const message = `The conversation ${JSON.stringify(conversation)} exists already.`
    return refused("already_exists", { field: "conversation", message })
  }
  const { cursor, seq } = created
  return done<Stored>({ conversation, cursor, seq, duplicate: created.status === "duplicate" })
}

/** `~user` is a user's own, and no one else's to make. (SPEC AUT3) */
async function mayCreate(
  { core, actor }: CommandContext,
  conversation: string,
  agent: string | undefined,
): Promise<Outcome<true>> {
  if (conversation.startsWith("~") && conversation !== `~${actor.user}`) {
    const message = `A conversation whose id begins with ~ is a user's own: yours is ${JSON.stringify(`~${actor.user}`)}.`
    return refused("forbidden", { field: "conversation", message })
  }
  return (await refuseUnserved(agent, core.agents)) ?? done(true)
}

/** Becomes a member, or makes the conversation: what plain protocols mean by naming one. */
async function join(context: CommandContext, command: CommandOf<"join">): Promise<Outcome<{ created: boolean }>> {
  const { core, actor } = context
  const { conversation, agent } = command
  if (await core.engine.directory.role(conversation, actor.user)) return done({ created: false })
  const members = await core.engine.directory.members(conversation)
  if (members.size > 0) return enter(context, conversation)
  const allowed = await mayCreate(context, conversation, agent)
  if (!allowed.ok) return allowed
  const limited = await tooManyMade(context)
  if (limited) return limited
  const created = await createConversation(core, context.actor, { conversation, agent })
  // Somebody else was faster: then it is theirs, and joining is a matter of membership.
  return created.status === "exists" ? enter(context, conversation) : done({ created: true })
}

async function enter(context: CommandContext, conversation: string): Promise<Outcome<{ created: boolean }>> {
  if (context.core.authRequired) return notMember(conversation)
  const key = context.core.random.id(freshIdChars)
  const user = context.actor.user
  const added = await memberHandlers["member.add"](context, { type: "member.add", conversation, key, user })
  return added.ok ? done({ created: false }) : added
}
