/**
 * Says who a token stands for. (SPEC AUT1)
 *
 * It owns no connection and no expiry timer: whoever holds the connection closes it at `expiresAt`.
 * A refusal never quotes the token.
 */
import { type Clock, type WireError, wireError } from "@everthread/protocol"
import { fields } from "@everthread/protocol/schema"
import { errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose"
import type { AuthConfig } from "../config/config.ts"
import { type Keys, openKeys } from "./keys.ts"

export type Verified =
  /** `expiresAt`: milliseconds since 1970. */
  | { readonly ok: true; readonly user: string; readonly expiresAt: number }
  | { readonly ok: false; readonly error: WireError }

export interface Authenticator {
  /** `false`: a connection is whoever it says, and tokens are not looked at. */
  readonly required: boolean
  verify(token: string): Promise<Verified>
}

/** Longer ones are refused before anything is computed. The protocol's own limit. */
const tokenCharsMax = 8_192

/** @throws ConfigError where the keys cannot be used. */
export async function createAuthenticator(config: AuthConfig, clock: Clock): Promise<Authenticator> {
  if (config.keys.mode === "off") return { required: false, verify: async () => refuse(offText) }
  const keys = await openKeys(config.keys)
  const { audience, issuer } = config
  const fixed: JWTVerifyOptions = {
    algorithms: [...keys.algorithms],
    requiredClaims: ["exp", "sub"],
    clockTolerance: config.clockToleranceMs / 1_000,
    ...(audience === undefined ? {} : { audience }),
    ...(issuer === undefined ? {} : { issuer }),
  }
  return {
    required: true,
    verify: (token) => verifyToken(token, keys, { ...fixed, currentDate: new Date(clock.now()) }),
  }
}

const offText = "Authentication is off on this server, so no token can be checked."

async function verifyToken(token: string, keys: Keys, options: JWTVerifyOptions): Promise<Verified> {
  if (token.length > tokenCharsMax) {
    return refuse(`A token may have at most ${tokenCharsMax} characters.`, { limit: tokenCharsMax })
  }
  try {
    const { payload } = await jwtVerify(token, keys.get, options)
    return identify(payload)
  } catch (error) {
    return explain(error)
  }
}

function identify(payload: JWTPayload): Verified {
  const user = fields.id.safeParse(payload.sub)
  if (!user.success) return refuse(`The token's sub is not a user's id: ${user.error.issues[0]?.message}.`)
  return { ok: true, user: user.data, expiresAt: (payload.exp ?? 0) * 1_000 }
}

function explain(error: unknown): Verified {
  if (error instanceof errors.JWTExpired) return refuse("The token has expired; get a new one and try again.")
  if (error instanceof errors.JWTClaimValidationFailed) return refuse(explainClaim(error))
  if (error instanceof errors.JWSSignatureVerificationFailed) return refuse("The token's signature is wrong.")
  if (error instanceof errors.JOSEAlgNotAllowed) return refuse("The token's algorithm is not one this server takes.")
  if (error instanceof errors.JWKSNoMatchingKey) return refuse("The token was signed with a key this server lacks.")
  if (isIssuerAway(error)) {
    return {
      ok: false,
      error: wireError("unavailable", { message: "The issuer's keys cannot be fetched; try again." }),
    }
  }
  return refuse("The token is not a valid JWT.")
}

function explainClaim(error: errors.JWTClaimValidationFailed): string {
  if (error.reason === "missing") return `The token lacks the claim ${error.claim}.`
  return error.claim === "nbf" ? "The token is not valid yet." : `The token's ${error.claim} is not the expected one.`
}

/** A key set that did not come, in time or at all, says nothing about the token. */
function isIssuerAway(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true
  return !(error instanceof errors.JOSEError) || error.constructor === errors.JOSEError
}

function refuse(message: string, details: { limit?: number } = {}): Verified {
  return { ok: false, error: wireError("unauthorized", { message, field: "token", ...details }) }
}
