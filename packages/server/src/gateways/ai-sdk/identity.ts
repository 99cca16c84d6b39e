/**
 * Who a client is. Its request tells, as for every client without a hello; and because a page gives its transport's
 * subprotocols once and for all, while tokens end, a token may also come with any frame, in its `headers`: the first
 * one admits, every other one takes the place of the one before. (SPEC AIS6)
 */
import { done, type Outcome } from "../../core/outcome.ts"
import type { Claim, Opening } from "../gateway.ts"
import { claimOf } from "../stock/claim-of.ts"

/** The device of all clients that name none: a repeat of a message is known by it, from whichever of them it comes. */
const chatDevice = "ai-sdk"

/** @returns who it is; `undefined` where the first frame has to say it. */
export function claimOfOpening(opening: Opening, authRequired: boolean): Outcome<Claim | undefined> {
  const claim = claimOf(opening, authRequired, chatDevice)
  if (!claim.ok) return claim
  return done(authRequired && claim.result.token === undefined ? undefined : claim.result)
}

export function claimOfFrame(opening: Opening, token: string | undefined): Outcome<Claim> {
  const claim = claimOf(opening, true, chatDevice)
  return claim.ok ? done({ ...claim.result, token }) : claim
}

export function tokenOfFrame(headers: Readonly<Record<string, string>> = {}): string | undefined {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === "authorization")
  const [, token] = /^bearer +(\S+)$/i.exec(name === undefined ? "" : (headers[name] ?? "")) ?? []
  return token
}
