/**
 * The append path of what people do: from events and their guards to a place in the log. (SPEC ACK1, ACK3, LOG3)
 *
 * It owns the translation of what the store answers into outcomes. It does not decide who may do
 * what: the guards of the request do, in the store's own step.
 */
import { hash } from "node:crypto"
import { type AppendRequest, EngineError, freshNonce } from "@everthread/engine"
import { type By, type EventBody, type Stored, wireError } from "@everthread/protocol"
import type { Actor, Core } from "./core.ts"
import { secondsSince } from "./meter.ts"
import { done, type Outcome, type Refused, refused } from "./outcome.ts"

export type Guards = Pick<AppendRequest, "expect" | "after" | "grownMax" | "members" | "runs">

/** A command that is stored at most once: its key belongs to one device of one user. */
export interface KeyedCommand {
  readonly type: string
  readonly conversation: string
  readonly key: string
}

export interface Write {
  readonly command: KeyedCommand
  readonly actor: Actor
  readonly bodies: readonly EventBody[]
  /** Whoever is no member yet may do it: joining. */
  readonly joining?: boolean
  /** The id of what is made, given back to repeats. */
  readonly ref?: string
  readonly guards?: Guards
  /** What to answer when the guard's expected value is another one. */
  readonly unexpected?: (actual: string | null) => Refused
}

export async function append(core: Core, write: Write): Promise<Outcome<Stored>> {
  const { command, actor } = write
  const { conversation } = command
  const nonce = freshNonce(core.random)
  const what = command.type === "send" ? "send" : "other"
  if (what === "send") core.meter.sending(nonce)
  const askedAt = core.clock.monotonic()
  const result = await core.engine.log.append({
    conversation,
    nonce,
    bodies: write.bodies.map((body) => JSON.stringify(body)),
    ...(write.joining ? {} : { member: actor.user }),
    idempotency: idempotencyOf(actor, command, write.ref),
    ...write.guards,
  })
  core.meter.appended(what, secondsSince(askedAt, core.clock.monotonic()))
  switch (result.status) {
    case "appended":
      return done({ conversation, cursor: result.cursor, seq: result.seq, duplicate: false, ...refOf(write.ref) })
    case "duplicate":
      return done({ conversation, cursor: result.cursor, seq: result.seq, duplicate: true, ...refOf(result.ref) })
    case "key-reused":
      return keyReused(command.key)
    case "unexpected":
      return write.unexpected?.(result.actual) ?? refused("internal")
    case "moved":
      return movedOn
    case "not-member":
    case "no-conversation":
      return notMember(conversation)
    case "fenced":
      return refused("internal", { message: "A write without a fence was fenced: the store is at fault." })
  }
}

/** What was decided does not hold any more: `decided.ts` decides anew, and says this where that does not end. */
export const movedOn: Refused = refused("unavailable", { message: "The conversation changes all the time; try again." })

/** 132 bits. It stands beside every key for a day: what is short is kept in much less memory. */
const digestChars = 22

/** @returns the store's idempotency record. A repeat has to say the very same thing. */
export function idempotencyOf(
  actor: Actor,
  command: Omit<KeyedCommand, "conversation">,
  ref?: string,
): NonNullable<AppendRequest["idempotency"]> {
  const digest = hash("sha256", JSON.stringify(command), "base64url").slice(0, digestChars)
  return { key: `${actor.user} ${actor.device} ${command.key}`, digest, ...refOf(ref) }
}

/**
 * @param conversation whose log it is in: that of a fork is not the one that its command names, and a new one's may be named by none.
 * @returns the outcome of the first of these, if the same request was stored before: what is refused now may
 *   have been right then, and whoever repeats it has lost the answer. (SPEC ACK3)
 */
export async function outcomeOfRepeat(
  core: Core,
  actor: Actor,
  command: Omit<KeyedCommand, "conversation">,
  conversation: string,
): Promise<Outcome<Stored> | undefined> {
  const { key, digest } = idempotencyOf(actor, command)
  const first = await core.engine.log.repeated(conversation, key)
  if (!first) return undefined
  if (first.digest !== digest) return keyReused(command.key)
  const { cursor, seq, ref } = first
  return done({ conversation, cursor, seq, duplicate: true, ...refOf(ref) })
}

function refOf(ref: string | undefined): { ref?: string } {
  return ref === undefined ? {} : { ref }
}

export function byOf(actor: Actor): By {
  return { user: actor.user, device: actor.device }
}

export function keyReused(key: string): Refused {
  return refused("key_reused", {
    field: "key",
    message: `The key ${JSON.stringify(key)} was used before by this device for another request; use a fresh one.`,
  })
}

/** The same for what does not exist: whoever is no member learns nothing about what there is. */
export function notMember(conversation: string): Refused {
  return refused("not_member", {
    field: "conversation",
    message: `You are not a member of the conversation ${JSON.stringify(conversation)}; one of its members can add you.`,
  })
}

/** @returns what a failure of the store means to a client. */
export function refusedByStore(error: unknown): Refused {
  if (!(error instanceof EngineError)) throw error
  const code = error.code === "read-only" ? "read_only" : "unavailable"
  const message =
    code === "read_only"
      ? "The store takes no writes at the moment; reading works. What was acknowledged is safe."
      : "The store cannot be reached at the moment; the same request may be repeated with the same key."
  return { ok: false, error: wireError(code, { message }) }
}
