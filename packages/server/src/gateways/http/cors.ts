/**
 * Which pages of other origins may ask.
 *
 * With authentication on, any: there are no cookies, so a page can only use a token that it was given. With it off, a
 * request speaks for whoever sits at this machine, so the same pages may ask that may open a WebSocket.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import { type Access, mayOpen } from "../../http/upgrade.ts"

const methods = "GET, POST, PATCH, DELETE, OPTIONS"
const headersUsual = "content-type, authorization, x-api-key, last-event-id, x-everthread-user, x-everthread-device"
/** So long a browser may remember what it was told, in seconds. */
const rememberedS = 600

/** @returns whether the request may go on. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, access: Access): boolean {
  response.setHeader("vary", "origin")
  const { origin } = request.headers
  if (!access.authRequired && !mayAsk(request, access.origins)) return false
  if (origin !== undefined) response.setHeader("access-control-allow-origin", origin)
  response.setHeader("access-control-expose-headers", "content-location, x-pagination-next")
  return true
}

/** Answers what a browser asks before it asks. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const asked = request.headers["access-control-request-headers"]
  response.writeHead(204, {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": asked ?? headersUsual,
    "access-control-max-age": String(rememberedS),
    "content-length": 0,
  })
  response.end()
}

/**
 * A browser names no origin where a page only reads from where it came from, as it does for a WebSocket and for a post. Then
 * the host that was asked stands for it: a name may be somebody else's and point here. One without a dot is given out by
 * whoever runs the network, and the programs beside a node know it by such.
 */
function mayAsk(request: IncomingMessage, origins: readonly string[]): boolean {
  const { method, headers } = request
  const { origin, host } = headers
  if (origin !== undefined || host === undefined || (method !== "GET" && method !== "HEAD"))
    return mayOpen(request, origins)
  const pages = [`http://${host}`, `https://${host}`]
  return !host.includes(".") || pages.some((page) => mayOpen({ headers: { origin: page, host } }, origins))
}
