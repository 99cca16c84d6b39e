/** Makes a token, for development: in production whoever signs people in does. */
import type { Clock } from "@everthread/protocol"
import { SignJWT } from "jose"
import { secretBytes } from "./keys.ts"

export interface TokenRequest {
  readonly user: string
  readonly secret: string
  readonly ttlMs: number
  readonly audience?: string | undefined
  readonly issuer?: string | undefined
}

/** @throws ConfigError for a secret that is too short. */
export async function mintToken(request: TokenRequest, clock: Clock): Promise<string> {
  const nowSeconds = Math.floor(clock.now() / 1_000)
  const token = new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(request.user)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + Math.ceil(request.ttlMs / 1_000))
  if (request.audience !== undefined) token.setAudience(request.audience)
  if (request.issuer !== undefined) token.setIssuer(request.issuer)
  return token.sign(secretBytes(request.secret))
}
