/** The port of who belongs where. Membership changes are made by `append`, in one step with their event. */
import type { Role } from "@everthread/protocol"

export interface Directory {
  /** @returns the user's role, or `undefined` for somebody who is no member or a conversation that does not exist. */
  role(conversation: string, user: string): Promise<Role | undefined>
  members(conversation: string): Promise<ReadonlyMap<string, Role>>
  /** Conversations the user is a member of, in no order that matters. */
  conversations(user: string): Promise<readonly string[]>
}
