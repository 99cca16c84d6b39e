/**
 * Who may see and do what: asked of the store for every command. (SPEC CON5)
 *
 * What is only about to be appended is asked once, in the append's own step: until then it is enough that this node
 * takes the actor for a member. Whoever is refused for another reason is asked for first, so that a refusal tells
 * nothing to those who are none.
 */
import type { ConversationState, Role } from "@everthread/protocol"
import { notMember } from "../append.ts"
import type { Core } from "../core.ts"
import type { Standing } from "../kept-fold.ts"
import { done, type Outcome, type Refused } from "../outcome.ts"
import type { CommandContext } from "./handler.ts"

/** @returns the actor's role, or a refusal that does not tell whether the conversation exists. */
export async function memberOnly(context: CommandContext, conversation: string): Promise<Outcome<Role>> {
  const role = await context.core.engine.directory.role(conversation, context.actor.user)
  return role ? done(role) : notMember(conversation)
}

/** @returns the conversation's state for a member. */
export async function stateForMember(
  context: CommandContext,
  conversation: string,
): Promise<Outcome<ConversationState>> {
  const member = await memberOnly(context, conversation)
  if (!member.ok) return member
  const state = await stateOf(context.core, conversation)
  if (!state) return notMember(conversation)
  const still = await stillMember(context, conversation, state)
  return still.ok ? done(state) : still
}

/**
 * What is read behind the store's answer may tell of the actor's removal, and of what was said after it. So where it does
 * not name them, the store is asked once more: they may also have come a moment ago, and this node not have heard of it.
 * @param state what was read.
 */
export async function stillMember(
  context: CommandContext,
  conversation: string,
  { members }: ConversationState,
): Promise<Outcome<unknown>> {
  return Object.hasOwn(members, context.actor.user) ? done(true) : memberOnly(context, conversation)
}

/**
 * @returns what somebody needs to know who is about to append under the guard `member`: as this node has it, where that
 *   says they are a member, and otherwise after asking the store.
 */
export async function standingForAppend(context: CommandContext, conversation: string): Promise<Outcome<Standing>> {
  const feed = context.core.hub.live(conversation)
  const standing = feed?.standing() ?? (await feed?.state())?.state
  if (standing && Object.hasOwn(standing.members, context.actor.user)) return done(standing)
  return stateForMember(context, conversation)
}

/** @returns the refusal for a member; whoever is none is told that, and nothing else. */
export async function refusedToMember(
  context: CommandContext,
  conversation: string,
  refusal: Refused,
): Promise<Refused> {
  const member = await memberOnly(context, conversation)
  return member.ok ? refusal : member
}

export async function stateOf(core: Core, conversation: string): Promise<ConversationState | undefined> {
  const feed = await core.hub.feed(conversation)
  return (await feed?.state())?.state
}

/**
 * Looks something up in the state of a conversation; what is not there is looked for once more after a
 * look at the store, because another node may have written it a moment ago.
 */
export async function findForMember<Found>(
  context: CommandContext,
  conversation: string,
  find: (state: ConversationState) => Found | undefined,
): Promise<Outcome<{ readonly state: ConversationState; readonly found: Found | undefined }>> {
  const state = await stateForMember(context, conversation)
  if (!state.ok) return state
  const found = find(state.result)
  if (found !== undefined) return done({ state: state.result, found })
  await (await context.core.hub.feed(conversation))?.check()
  const fresh = (await stateOf(context.core, conversation)) ?? state.result
  return done({ state: fresh, found: find(fresh) })
}
