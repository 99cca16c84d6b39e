/** Whether the log, the conversation's list of members and each member's list of conversations say the same. (SPEC VER8) */
import type { EngineReader } from "@everthread/engine"
import type { ConversationState } from "@everthread/protocol"
import type { Finding, Report } from "./finding.ts"
import type { UserLists } from "./user-lists.ts"

export interface MembersCheck {
  readonly reader: EngineReader
  readonly lists: UserLists
  readonly conversation: string
  /** At the head. */
  readonly state: ConversationState
  /** Who was removed, as far as the kept log says: a list of theirs may have been forgotten. */
  readonly removed: Iterable<string>
  readonly report: Report
  /** For what is found in other conversations on the way. */
  readonly found: (finding: Finding) => void
}

export async function checkMembers(check: MembersCheck): Promise<void> {
  const { reader, conversation, state, report } = check
  const stored = await reader.directory.members(conversation)
  for (const [user, role] of Object.entries(state.members)) {
    if (stored.get(user) !== role) report("member-missing", user, role)
  }
  for (const user of stored.keys()) {
    if (!Object.hasOwn(state.members, user)) report("member-unknown", user)
  }
  const users = new Set([...stored.keys(), ...Object.keys(state.members), ...check.removed])
  for (const user of users) await checkList(check, user, stored.has(user))
}

async function checkList(check: MembersCheck, user: string, isMember: boolean): Promise<void> {
  const { conversation, lists, report, found } = check
  const list = await lists.of(user)
  if (isMember && !list.conversations.has(conversation)) report("membership-missing", user)
  // The list was read before or after: whoever is no member any more is asked once more.
  if (!list.isFresh) return
  for (const listed of list.conversations) {
    const role = await check.reader.directory.role(listed, user)
    if (role === undefined) found({ kind: "membership-dangling", conversation: listed, at: user, saw: "" })
  }
}
