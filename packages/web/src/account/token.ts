/**
 * What a page may know of a token without verifying it: whose it is, and until when it is good.
 *
 * A link may bring one in its fragment, which browsers send to no server. Anybody can make such a link, so it never
 * replaces a good token of somebody else: that would sign a person in as the maker of the link.
 */

export interface TokenFacts {
  readonly user: string
  /** In milliseconds since 1970; absent if it does not say. */
  readonly expiresAt?: number
}

/** @returns `undefined` for what is no token, or one that names nobody. */
export function factsOf(token: string): TokenFacts | undefined {
  try {
    const part = (token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/")
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0))
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as { readonly sub?: unknown; readonly exp?: unknown }
    if (typeof claims.sub !== "string" || claims.sub === "") return undefined
    return { user: claims.sub, ...(typeof claims.exp === "number" ? { expiresAt: claims.exp * 1_000 } : {}) }
  } catch {
    return undefined
  }
}

/** Takes a token out of a fragment such as `#token=…&x=y`. */
export function takeToken(fragment: string): { readonly token: string | undefined; readonly rest: string } {
  const parts = fragment.replace(/^#/, "").split("&")
  const found = parts.find((part) => part.startsWith("token="))
  if (found === undefined) return { token: undefined, rest: fragment }
  const rest = parts.filter((part) => !part.startsWith("token=")).join("&")
  return { token: decoded(found.slice("token=".length)), rest: rest === "" ? "" : `#${rest}` }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined
  } catch {
    return undefined
  }
}

/** @returns which of the two tokens to use from now on. */
export function chosenToken(kept: string | undefined, brought: string | undefined, now: number): string | undefined {
  const [ours, theirs] = [kept, brought].map((token) => (token === undefined ? undefined : factsOf(token)))
  if (!theirs) return kept
  if (!ours || ours.user === theirs.user) return brought
  const isOver = ours.expiresAt !== undefined && ours.expiresAt <= now
  return isOver ? brought : kept
}
