/**
 * What each command counts towards, of what a user may do only so often. (SPEC NOD3, NOD7)
 *
 * What a command that was stored before is answered with costs nothing: a repeat is not done again. Sends and new
 * conversations are counted by their handlers, right before the append or after the looks that come before it; changes
 * are counted here, before anything is done for them.
 */
import type { CommandType } from "../command.ts"
import { done, type Outcome } from "../outcome.ts"
import type { CommandContext } from "./handler.ts"
import { tooMany } from "./too-many.ts"

/** Of each a user has as many within the window as `rate_limit` says; of new conversations as many as sends. */
export type Limited = "sends" | "creations" | "changes"

/** `undefined`: it stores nothing and tells nobody. */
export const limitedBy: { readonly [T in CommandType]: Limited | undefined } = {
  send: "sends",
  regenerate: "sends",

  create: "creations",
  fork: "creations",
  // Where it makes the conversation.
  join: "creations",

  edit: "changes",
  redact: "changes",
  react: "changes",
  read: "changes",
  typing: "changes",
  "conversation.update": "changes",
  "member.add": "changes",
  "member.remove": "changes",
  stop: "changes",
  promote: "changes",
  respond: "changes",

  ping: undefined,
  token: undefined,
  subscribe: undefined,
  unsubscribe: undefined,
  conversations: undefined,
  history: undefined,
  members: undefined,
  status: undefined,
  checkpoints: undefined,
  checkpoint: undefined,
}

/** Counts a change. @returns the answer for whoever has made too many; nobody need be told of typing that may be lost. */
export async function tooManyChanges(
  { core, actor }: CommandContext,
  type: CommandType,
): Promise<Outcome<Record<string, never>> | undefined> {
  if (limitedBy[type] !== "changes") return undefined
  const waitMs = await core.changes.take(actor.user)
  if (waitMs === 0) return undefined
  return type === "typing" ? done({}) : tooMany("changes", waitMs)
}
