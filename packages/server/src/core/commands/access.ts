/** Who may see and do what: asked of the store for every command. (SPEC CON5) */
import type { ConversationState, Role } from "@everthread/protocol"
import { notMember } from "../append.ts"
import type { Core } from "../core.ts"
import { done, type Outcome } from "../outcome.ts"
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
  return state ? done(state) : notMember(conversation)
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
