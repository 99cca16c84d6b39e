/** A conversation's beginning: its first entries, members and values, in one step of the store. (SPEC LOG3) */
import { createHash } from "node:crypto"
import { type CreateResult, freshNonce } from "@everthread/engine"
import type { ChatMessage, EventBody, ForkOrigin, Role, WhenBusy } from "@everthread/protocol"
import { byOf, idempotencyOf, type KeyedCommand } from "./append.ts"
import type { Actor, Core } from "./core.ts"

export interface NewConversation {
  readonly conversation: string
  readonly title?: string | undefined
  readonly agent?: string | undefined
  readonly whenBusy?: WhenBusy | undefined
  /** Beside whoever makes it, and owns it. */
  readonly members?: readonly string[] | undefined
  /** Where it was forked. */
  readonly from?: ForkOrigin | undefined
  /** What came along then, oldest first. */
  readonly copied?: readonly ChatMessage[] | undefined
}

/** Beside the log, so that a list of conversations reads no logs. */
export const titleName = "title"

/** As many as leave no room for two keys to meet. */
const madeUpIdChars = 22

/** Made from the key, because keys are remembered by conversation: a repeat has to come to the same one. (SPEC ACK3) */
export function madeUpId({ user, device }: Actor, key: string): string {
  return `c${createHash("sha256").update(`${user} ${device} ${key}`).digest("base64url").slice(0, madeUpIdChars)}`
}

/** @param command what asked for it, where that has a key. */
export function createConversation(
  core: Core,
  actor: Actor,
  made: NewConversation,
  command?: Omit<KeyedCommand, "conversation">,
): Promise<CreateResult> {
  const { conversation, title } = made
  const about = { time: core.clock.now(), by: byOf(actor) }
  const members = firstMembers(actor, made.members)
  const bodies: EventBody[] = [
    { type: "conversation.created", ...about, ...descriptionOf(made) },
    ...members.map((member): EventBody => ({ type: "member.added", ...about, ...member })),
    ...(made.copied ?? []).map((message): EventBody => ({ type: "copied", time: about.time, message })),
  ]
  return core.engine.log.create({
    conversation,
    nonce: freshNonce(core.random),
    bodies: bodies.map((body) => JSON.stringify(body)),
    members,
    ...(title ? { values: { [titleName]: title } } : {}),
    ...(command ? { idempotency: idempotencyOf(actor, command) } : {}),
  })
}

/** Whoever makes it and the others, each once. */
export function firstMembers(actor: Actor, named: readonly string[] = []): { user: string; role: Role }[] {
  const others = [...new Set(named)].filter((user) => user !== actor.user)
  return [{ user: actor.user, role: "owner" }, ...others.map((user) => ({ user, role: "member" as const }))]
}

function descriptionOf({ title, agent, whenBusy, from }: NewConversation) {
  return {
    ...(title ? { title } : {}),
    ...(agent ? { agent } : {}),
    ...(whenBusy ? { whenBusy } : {}),
    ...(from ? { from } : {}),
  }
}
