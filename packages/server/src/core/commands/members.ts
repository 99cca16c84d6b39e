/** Commands about who belongs to a conversation. */
import { type EventBody, limits, type MemberEntry, type Role } from "@everthread/protocol"
import { append, byOf, notMember } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { type Core, freshIdChars } from "../core.ts"
import { done, type Outcome, refused } from "../outcome.ts"
import { memberOnly } from "./access.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"

export const memberHandlers: HandlersOf<"members" | "member.add" | "member.remove"> = {
  async members(context, { conversation }) {
    const member = await memberOnly(context, conversation)
    if (!member.ok) return member
    const members = await memberEntries(context.core, conversation)
    const isAmong = members.some(({ user }) => user === context.actor.user)
    return isAmong ? done({ conversation, members }) : notMember(conversation)
  },
  "member.add": addMember,
  "member.remove": removeMember,
}

/** Everybody who belongs to it, with the devices that are here. */
export async function memberEntries(core: Core, conversation: string): Promise<MemberEntry[]> {
  const { directory, presence } = core.engine
  await core.arrivals.show(conversation)
  const [members, present] = await Promise.all([directory.members(conversation), presence.present(conversation)])
  return [...members].map(([user, role]) => {
    const devices = present.filter((held) => held.user === user).map((held) => held.device)
    return { user, role, devices: [...new Set(devices)].sort() }
  })
}

type MemberCommand = CommandOf<"member.add" | "member.remove">
type Members = ReadonlyMap<string, Role>

/** What a change of members comes to: the user's role afterwards, `null` for none. */
interface MemberChange {
  readonly role: Role | null
  /** Whoever does it is no member yet. */
  readonly joining: boolean
}

function addMember(context: CommandContext, command: CommandOf<"member.add">): StoredOutcome {
  return changeMember(context, command, (members) => judgeAdding(context, command, members))
}

function judgeAdding(
  { core, actor }: CommandContext,
  command: CommandOf<"member.add">,
  members: Members,
): Outcome<MemberChange> {
  const { user } = command
  const own = members.get(actor.user)
  // With authentication off nobody proves who they are, so a conversation one can name is open.
  const mayJoin = !core.authRequired && user === actor.user
  if (!own && !mayJoin) return refused("not_member", { field: "conversation" })
  if (own && own !== "owner" && core.authRequired)
    return refused("forbidden", { message: "Only an owner may add members." })
  if (!members.has(user) && members.size >= limits.membersMax) return tooManyMembers()
  const isEmpty = members.size === 0
  const role: Role = command.role ?? members.get(user) ?? (isEmpty ? "owner" : "member")
  if (role === "owner" && own !== "owner" && !isEmpty)
    return refused("forbidden", { field: "role", message: "Only an owner may make owners." })
  return leavesAnOwner(members, user, role) ? done({ role, joining: !own }) : lastOwner()
}

function removeMember(context: CommandContext, command: CommandOf<"member.remove">): StoredOutcome {
  return changeMember(context, command, (members) => judgeRemoving(context, command, members))
}

function judgeRemoving(
  { actor }: CommandContext,
  { conversation, user }: CommandOf<"member.remove">,
  members: Members,
): Outcome<MemberChange> {
  const own = members.get(actor.user)
  if (!own) return refused("not_member", { field: "conversation" })
  if (!members.has(user)) return refused("not_found", { field: "user", message: `${user} is not a member.` })
  if (user !== actor.user && own !== "owner")
    return refused("forbidden", { message: "Only an owner may remove others." })
  if (conversation === `~${user}`)
    return refused("forbidden", { message: "This conversation is the user's own: it cannot be left." })
  return leavesAnOwner(members, user, null) ? done({ role: null, joining: false }) : lastOwner()
}

/** A conversation that has members has an owner. */
function leavesAnOwner(members: Members, user: string, role: Role | null): boolean {
  const others = [...members].filter(([other]) => other !== user)
  const isEmpty = others.length === 0 && role === null
  return isEmpty || role === "owner" || others.some(([, held]) => held === "owner")
}

/** Changes with every change of members, so that one is judged by the members it is made on. */
const membersVersion = "members"
/** Two changes at once are rare; that many in a row are a store that does not keep its word. */
const triesMax = 8

/**
 * Judges and changes: one event and one change of the member list, in one step. What was judged on members who
 * have changed meanwhile is judged anew.
 */
async function changeMember(
  context: CommandContext,
  command: MemberCommand,
  judge: (members: Members) => Outcome<MemberChange>,
): StoredOutcome {
  const { core } = context
  const { conversation } = command
  for (let tries = 0; tries < triesMax; tries++) {
    // The version first: read after the members, it could be newer than they are.
    const version = await core.engine.log.value(conversation, membersVersion)
    const change = judge(await core.engine.directory.members(conversation))
    if (!change.ok) return change
    const outcome = await appendChange(context, command, change.result, version)
    if (outcome !== "outdated") return outcome
  }
  return refused("unavailable", { message: "The members change all the time; try again." })
}

async function appendChange(
  { core, actor }: CommandContext,
  command: MemberCommand,
  { role, joining }: MemberChange,
  version: string | null,
): Promise<Awaited<StoredOutcome> | "outdated"> {
  const { user } = command
  const about = { time: core.clock.now(), by: byOf(actor), user }
  const body: EventBody = role ? { type: "member.added", ...about, role } : { type: "member.removed", ...about }
  const expect = { name: membersVersion, is: version, becomes: core.random.id(freshIdChars) }
  const guards = { members: [{ user, role }], expect }
  let isOutdated = false
  const unexpected = () => {
    isOutdated = true
    return refused("unavailable")
  }
  const outcome = await append(core, { command, actor, bodies: [body], ref: user, guards, joining, unexpected })
  return isOutdated ? "outdated" : outcome
}

function lastOwner() {
  return refused("forbidden", { message: "The last owner cannot go; make somebody else an owner first." })
}

function tooManyMembers() {
  const message = `A conversation may have at most ${limits.membersMax} members.`
  return refused("limit_reached", { field: "user", limit: limits.membersMax, message })
}
