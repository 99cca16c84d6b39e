/** Commands about who belongs to a conversation. */
import { type EventBody, limits, type MemberEntry, type Role } from "@everthread/protocol"
import { append, byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
import type { Core } from "../core.ts"
import { done, refused } from "../outcome.ts"
import { memberOnly } from "./access.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"

export const memberHandlers: HandlersOf<"members" | "member.add" | "member.remove"> = {
  async members(context, { conversation }) {
    const member = await memberOnly(context, conversation)
    return member.ok ? done({ conversation, members: await memberEntries(context.core, conversation) }) : member
  },
  "member.add": addMember,
  "member.remove": removeMember,
}

/** Everybody who belongs to it, with the devices that are here. */
export async function memberEntries(core: Core, conversation: string): Promise<MemberEntry[]> {
  const { directory, presence } = core.engine
  const [members, present] = await Promise.all([directory.members(conversation), presence.present(conversation)])
  return [...members].map(([user, role]) => {
    const devices = present.filter((held) => held.user === user).map((held) => held.device)
    return { user, role, devices: [...new Set(devices)].sort() }
  })
}

async function addMember(context: CommandContext, command: CommandOf<"member.add">): StoredOutcome {
  const { core, actor } = context
  const { conversation, user } = command
  const members = await core.engine.directory.members(conversation)
  const own = members.get(actor.user)
  // With authentication off nobody proves who they are, so a conversation one can name is open.
  const mayJoin = !core.authRequired && user === actor.user && members.size > 0
  if (!own && !mayJoin) return refused("not_member", { field: "conversation" })
  if (own && own !== "owner" && core.authRequired)
    return refused("forbidden", { message: "Only an owner may add members." })
  if (!members.has(user) && members.size >= limits.membersMax) return tooManyMembers()
  const role: Role = command.role ?? members.get(user) ?? "member"
  if (role === "owner" && own !== "owner")
    return refused("forbidden", { field: "role", message: "Only an owner may make owners." })
  return changeMember(context, command, role, !own)
}

async function removeMember(context: CommandContext, command: CommandOf<"member.remove">): StoredOutcome {
  const { core, actor } = context
  const members = await core.engine.directory.members(command.conversation)
  const own = members.get(actor.user)
  if (!own) return refused("not_member", { field: "conversation" })
  const role = members.get(command.user)
  if (!role) return refused("not_found", { field: "user", message: `${command.user} is not a member.` })
  if (command.user !== actor.user && own !== "owner")
    return refused("forbidden", { message: "Only an owner may remove others." })
  const owners = [...members.values()].filter((held) => held === "owner").length
  if (role === "owner" && owners === 1 && members.size > 1) {
    return refused("forbidden", { message: "The last owner cannot leave; make somebody else an owner first." })
  }
  return changeMember(context, command, null, false)
}

/** One event and one change of the member list, in one step. */
function changeMember(
  { core, actor }: CommandContext,
  command: CommandOf<"member.add" | "member.remove">,
  role: Role | null,
  joining: boolean,
): StoredOutcome {
  const { user } = command
  const about = { time: core.clock.now(), by: byOf(actor), user }
  const body: EventBody = role ? { type: "member.added", ...about, role } : { type: "member.removed", ...about }
  return append(core, { command, actor, bodies: [body], ref: user, guards: { members: [{ user, role }] }, joining })
}

function tooManyMembers() {
  const message = `A conversation may have at most ${limits.membersMax} members.`
  return refused("limit_reached", { field: "user", limit: limits.membersMax, message })
}
