/**
 * From an HTTP upgrade to a connection: which gateway it is for, and whether its origin may connect.
 *
 * Without authentication any web page that a person on this machine opens could talk to the server in
 * their name, so a browser's request is then taken only from this server's own pages and from loopback.
 */
import type { IncomingMessage } from "node:http"
import type { Duplex } from "node:stream"
import type { Gateway } from "../gateways/gateway.ts"

export type Route =
  | { readonly kind: "gateway"; readonly gateway: Gateway }
  | { readonly kind: "refused"; readonly status: string; readonly text: string }

/** @returns where an upgrade request leads. */
export function route(request: IncomingMessage, gateways: readonly Gateway[], authRequired: boolean): Route {
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/"
  const gateway = gateways.find((candidate) => candidate.paths.includes(path))
  if (!gateway) {
    const paths = gateways.flatMap((candidate) => candidate.paths).join(", ")
    return { kind: "refused", status: "404 Not Found", text: `No WebSocket here; try one of ${paths}.` }
  }
  if (!authRequired && !isLocalOrigin(request.headers.origin, request.headers.host)) {
    const text = "Authentication is off, so only pages from this server or from this machine may connect."
    return { kind: "refused", status: "403 Forbidden", text }
  }
  return { kind: "gateway", gateway }
}

const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"])

function isLocalOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true
  try {
    const url = new URL(origin)
    return url.host === host || loopbackHosts.has(url.hostname)
  } catch {
    return false
  }
}

/** Answers an upgrade that is refused with plain HTTP, and closes. */
export function refuseUpgrade(network: Duplex, status: string, text: string): void {
  const body = `${text}\n`
  network.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
