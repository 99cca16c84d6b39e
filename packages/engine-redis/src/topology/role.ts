/** Whether a server is a master: asked of itself, because everybody else may be out of date. */
import { EngineError } from "@everthread/engine"
import type { Link } from "../connection/link.ts"
import { refusalOf, ServerError } from "../connection/server-error.ts"
import { type ServerAddress, serverName } from "../connection/target.ts"

export type Role =
  | { readonly kind: "master" }
  | { readonly kind: "replica"; readonly of: ServerAddress }
  | { readonly kind: "sentinel" }

/** @throws EngineError if the server may not be asked, or does not answer. */
export async function roleOf(link: Link): Promise<Role> {
  const reply = await link.send(["ROLE"]).catch((error: unknown) => {
    throw error instanceof ServerError ? refusalOf(error, "ROLE", link.address) : error
  })
  const [kind, host, port] = Array.isArray(reply) ? (reply as readonly unknown[]) : []
  if (kind === "master" || kind === "sentinel") return { kind }
  return { kind: "replica", of: { host: String(host), port: Number(port) } }
}

/** @throws EngineError `unavailable` if it is none: it counts as away until it is. */
export async function assertMaster(link: Link): Promise<void> {
  const role = await roleOf(link)
  if (role.kind !== "master") throw new EngineError("unavailable", notMaster(link.address, role))
}

/** @returns what is wrong and how to mend it. */
export function notMaster(address: ServerAddress, role: Exclude<Role, { kind: "master" }>): string {
  const at = `Redis at ${serverName(address)}`
  if (role.kind === "sentinel") return `${at} is a sentinel, which stores nothing.`
  const master = serverName(role.of)
  return `${at} is a replica of ${master}: point redis.url to redis://${master}, or make it a master: REPLICAOF NO ONE.`
}
