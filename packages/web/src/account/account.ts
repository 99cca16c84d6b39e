/** Who uses the app, remembered from one visit to the next. */
import type { Random } from "@everthread/protocol"
import type { Keep } from "../platform/keep.ts"
import { chosenToken, factsOf } from "./token.ts"

export type Account =
  /** Where authentication is off: a name, which nobody checks. */
  | { readonly kind: "name"; readonly user: string }
  | { readonly kind: "token"; readonly user: string; readonly token: string }

const deviceChars = 6
/** As the protocol has it: no white space, no control characters, and not the one word that no object takes as a key. */
const namePattern = /^(?!__proto__$)[^\s\p{C}]{1,128}$/u

export function nameAccount(name: string): Account | undefined {
  const user = name.trim()
  return namePattern.test(user) ? { kind: "name", user } : undefined
}

export function tokenAccount(text: string): Account | undefined {
  const token = text.trim()
  const facts = factsOf(token)
  return facts && { kind: "token", user: facts.user, token }
}

/** @param needsToken what this server asks for: an account of the other kind is not one here. */
export function keptAccount(keep: Keep, needsToken: boolean): Account | undefined {
  const kept = keep.get(needsToken ? "token" : "user")
  if (kept === undefined) return undefined
  return needsToken ? tokenAccount(kept) : nameAccount(kept)
}

export function keepAccount(keep: Keep, account: Account | undefined): void {
  keep.set("token", account?.kind === "token" ? account.token : undefined)
  keep.set("user", account?.kind === "name" ? account.user : undefined)
}

/** Which of a user's devices this browser is. */
export function deviceOf(keep: Keep, random: Random): string {
  const device = keep.get("device") ?? `web-${random.id(deviceChars)}`
  keep.set("device", device)
  return device
}

/** A link has brought a token: it is remembered, unless somebody else is signed in. */
export function keepTokenOf(keep: Keep, brought: string, now: number): void {
  const token = chosenToken(keep.get("token"), brought, now)
  if (token !== undefined) keep.set("token", token)
}
