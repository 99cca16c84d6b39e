/**
 * What the panel asks of `everthread dev`: what there is to see, and what is to happen to a node.
 *
 * A kill button is worth attacking, and any web page that a person opens can send requests to their own machine. So the
 * token is told to a page that came by this machine's own name, which no other origin can read; a request has to bring
 * it, come from that page, and name this machine: a stranger's name may point here, too. (SPEC DEV2)
 */
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { type Action, actions, type DevCluster } from "./cluster.ts"

export interface Control {
  /** @returns whether it was a request for it, and is answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean
  /** What tells the page that there is a panel. */
  headers(request: IncomingMessage): Readonly<Record<string, string>>
}

/** A request brings it, and an answer to the page tells it. */
export const tokenHeader = "everthread-dev"
const folder = "/dev/"
const loopbackHosts = new Set(["localhost", "127.0.0.1", "[::1]"])

export function createControl(cluster: Pick<DevCluster, "look" | "act">, token: string): Control {
  return {
    answer(request, response) {
      if (!request.url?.startsWith(folder)) return false
      if (mayControl(request, token)) void handle(request, response, cluster)
      else send(response, 403, { error: "This is for the page of everthread dev alone." })
      return true
    },
    headers(request): Record<string, string> {
      return request.url === "/" && isOwnPage(request) ? { [tokenHeader]: token } : {}
    },
  }
}

async function handle(
  { method, url }: IncomingMessage,
  response: ServerResponse,
  cluster: Pick<DevCluster, "look" | "act">,
): Promise<void> {
  if (method === "GET" && url === `${folder}cluster`) return send(response, 200, await cluster.look())
  const [, id = "", action] = /^\/dev\/nodes\/([\w-]+)\/([a-z]+)$/.exec(url ?? "") ?? []
  if (!isAction(action)) return send(response, 404, { error: "There is no such thing here." })
  if (method !== "POST") return send(response, 405, { error: "method not allowed" })
  if (!cluster.act(id, action)) return send(response, 409, { error: `No node ${id} is in a state for that.` })
  send(response, 200, await cluster.look())
}

function mayControl(request: IncomingMessage, token: string): boolean {
  const { origin, [tokenHeader]: brought } = request.headers
  // Browsers say where a request comes from wherever it may change something.
  if (!isOwnPage(request) || (origin === undefined && request.method !== "GET")) return false
  return typeof brought === "string" && timingSafeEqual(digest(brought), digest(token))
}

/** What says nothing of where it comes from is no browser's, or came from this very address. */
function isOwnPage({ headers: { host, origin, "sec-fetch-site": site } }: IncomingMessage): boolean {
  const isFromHere = origin === undefined || origin === `http://${host}`
  return isThisMachine(host) && isFromHere && (site === undefined || site === "same-origin" || site === "none")
}

function isThisMachine(host: string | undefined): boolean {
  return host !== undefined && URL.canParse(`http://${host}`) && loopbackHosts.has(new URL(`http://${host}`).hostname)
}

function isAction(text: string | undefined): text is Action {
  return actions.some((action) => action === text)
}

/** Digests are compared, because they have one length and take one time. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
  })
  response.end(`${JSON.stringify(body)}\n`)
}
