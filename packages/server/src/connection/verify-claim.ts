/** Whether somebody is who they say, and may have one more connection. */
import type { Authenticator } from "../auth/index.ts"
import { done, type Outcome, refused } from "../core/outcome.ts"
import type { Admission, Claim } from "../gateways/gateway.ts"

export async function verifyClaim(
  authenticator: Authenticator,
  { user, device, token }: Claim,
): Promise<Outcome<Admission>> {
  if (!authenticator.required) {
    if (user === undefined) return refused("invalid_field", { field: "user", message: whoIsIt(token) })
    return done({ actor: { user, device } })
  }
  if (token === undefined)
    return refused("unauthorized", { field: "token", message: "This server wants a token (a JWT)." })
  const verified = await authenticator.verify(token)
  if (!verified.ok) return { ok: false, error: verified.error }
  if (user !== undefined && user !== verified.user) {
    return refused("unauthorized", { field: "user", message: "The token belongs to another user." })
  }
  return done({ actor: { user: verified.user, device }, expiresAt: verified.expiresAt })
}

/** Whoever brings a token means to have said it. */
function whoIsIt(token: string | undefined): string {
  const name = "Say who you are: user is missing."
  return token === undefined ? name : `This server takes no tokens, because its authentication is off. ${name}`
}

/** @param limit connections that one user may have to a node. */
export function tooMany(limit: number): Outcome<Admission> {
  const message = `One user may have at most ${limit} connections to a node.`
  return { ...refused("limit_reached", { limit, message }), close: 4429 }
}
