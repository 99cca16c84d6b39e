/**
 * Who a stock client is: it says no hello, so its request has to tell.
 *
 * With authentication on, a token: as `Authorization: Bearer`, as `x-api-key` (the client's `apiKey`), or, because a
 * browser's WebSocket has no headers, as a subprotocol. Never in the address: addresses end up in logs. With it off, a
 * name: a header, or `?user=` in the address; without one, all are one guest. (SPEC LGR6)
 */
import type { IncomingHttpHeaders } from "node:http"
import { fields } from "@everthread/protocol/schema"
import { done, type Outcome, refused } from "../../core/outcome.ts"
import type { Claim, Opening } from "../gateway.ts"

const guest = "guest"

const tokenNames = ["token", "access_token", "api_key", "apikey", "authorization", "x-api-key"]

/**
 * @param unnamed the device of all clients that name none. Repeats of a command are known by it, so it does not change from one
 *   connection to the next.
 */
export function claimOf({ url, headers }: Opening, authRequired: boolean, unnamed: string): Outcome<Claim> {
  const query = new URL(url, "http://any").searchParams
  const inAddress = tokenNames.find((name) => query.has(name))
  if (inAddress !== undefined) return tokenInAddress(inAddress)
  const device = named("device", headers["x-everthread-device"] ?? query.get("device") ?? unnamed)
  if (!device.ok) return device
  if (authRequired) return done({ user: undefined, device: device.result, token: tokenOf(headers) })
  const user = named("user", headers["x-everthread-user"] ?? query.get("user") ?? guest)
  return user.ok ? done({ user: user.result, device: device.result, token: undefined }) : user
}

function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const [, bearer] = /^bearer +(\S+)$/i.exec(headers.authorization ?? "") ?? []
  const key = headers["x-api-key"]
  return bearer ?? (typeof key === "string" && key !== "" ? key : undefined) ?? subprotocolToken(headers)
}

/** Three parts with dots between, as a JSON Web Token has; other subprotocols are names. */
const jwtPattern = /^[\w-]+\.[\w-]+\.[\w-]+$/

function subprotocolToken(headers: IncomingHttpHeaders): string | undefined {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim())
  return offered.find((name) => jwtPattern.test(name))
}

function named(field: "user" | "device", value: string | string[]): Outcome<string> {
  const read = fields.id.safeParse(value)
  if (read.success) return done(read.data)
  return refused("invalid_field", { field, message: `${field}: ${read.error.issues[0]?.message ?? "it is no name"}` })
}

function tokenInAddress(name: string): Outcome<never> {
  const message = `${name}: a token does not belong into the address, which others can read; send it as Authorization or as a subprotocol.`
  return refused("unauthorized", { field: name, message })
}
