/**
 * From an HTTP upgrade to a connection: which gateway it is for, and whether its origin may connect.
 *
 * Without authentication any web page that a person on this machine opens could talk to the server in
 * their name, so a browser's request is then taken only from this server's own pages and from loopback.
 */
import type { IncomingMessage } from "node:http"
import { isIP } from "node:net"
import type { Duplex } from "node:stream"
import type { Gateway } from "../gateways/gateway.ts"

export interface Access {
  readonly authRequired: boolean
  /** Origins whose pages may connect without authentication, besides this machine's. */
  readonly origins: readonly string[]
}

export type Route =
  | { readonly kind: "gateway"; readonly gateway: Gateway }
  | { readonly kind: "refused"; readonly status: string; readonly text: string }

/** @returns where an upgrade request leads. */
export function route(request: IncomingMessage, gateways: readonly Gateway[], access: Access): Route {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/"
  const gateway = gateways.find((candidate) => candidate.serves?.(path) ?? candidate.paths.includes(path))
  if (!gateway) {
    const paths = gateways.flatMap((candidate) => candidate.paths).join(", ")
    return { kind: "refused", status: "404 Not Found", text: `No WebSocket here; try one of ${paths}.` }
  }
  if (!access.authRequired && !mayOpen(request, access.origins)) {
    const text = "Authentication is off, so only pages of this machine and of websocket.origins may connect."
    return { kind: "refused", status: "403 Forbidden", text }
  }
  return { kind: "gateway", gateway }
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"])

/**
 * A page of this machine, or one that this very server could have served. The latter by address only: a name
 * may be somebody else's and point here, and then its pages are "the same origin" as this server.
 */
export function mayOpen(
  { headers: { origin, host } }: Pick<IncomingMessage, "headers">,
  origins: readonly string[],
): boolean {
  if (origin === undefined || origins.includes(origin)) return true
  try {
    const { hostname, host: from } = new URL(origin)
    const isAddress = isIP(hostname.replace(/^\[|\]$/g, "")) !== 0
    return loopbackHosts.has(hostname) || (isAddress && from === host)
  } catch {
    return false
  }
}

/** Answers an upgrade that is refused with plain HTTP, and closes, whether the peer closes its side or not. */
export function refuseUpgrade(network: Duplex, status: string, text: string): void {
  const body = `${text}\n`
  network.once("finish", () => network.destroy())
  network.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
