/**
 * The one address of `everthread dev`: whoever comes to it is led to a node that is live, and to another one when they
 * come back after that one has gone. It knows nothing of what passes. (SPEC DEV1)
 *
 * On this machine's loopback only: there is a kill button behind it.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, request as open, type Server, type ServerResponse } from "node:http"
import { type AddressInfo, connect } from "node:net"
import type { Duplex } from "node:stream"
import type { Clock } from "@everthread/protocol"
import type { DevCluster } from "./cluster.ts"

export interface FrontParts {
  readonly cluster: Pick<DevCluster, "port" | "onLive">
  readonly clock: Clock
  /** @returns whether it was a request for this very process, and is answered. */
  control(request: IncomingMessage, response: ServerResponse): boolean
  /** What every answer says besides. */
  headers(request: IncomingMessage): Readonly<Record<string, string>>
  /** What is said where no node is live. */
  readonly nobody: string
}

export interface Front {
  readonly port: number
  close(): Promise<void>
}

export const frontHost = "127.0.0.1"
/** Somebody comes while the one node there is starts again. */
const waitMs = 10_000
/**
 * They are between two programs, and not for those behind them. A request keeps its `transfer-encoding`: it says that there is
 * a body, which is passed on in pieces of the same kind. What comes behind such a body is not passed on, so nor is its name.
 */
const requestHops = ["connection", "keep-alive", "trailer"]
const answerHops = [...requestHops, "transfer-encoding"]

/** @throws the error of `listen`. */
export async function openFront(port: number, parts: FrontParts): Promise<Front> {
  const http = createServer((request, response) => {
    if (!parts.control(request, response)) void forward(request, response, parts)
  })
  const tunnels = new Set<Duplex>()
  http.on("upgrade", (request, network: Duplex, head) => {
    tunnels.add(network)
    network.on("error", () => network.destroy()).on("close", () => tunnels.delete(network))
    void tunnel(request, network, head, parts)
  })
  http.listen(port, frontHost)
  await once(http, "listening")
  return { port: (http.address() as AddressInfo).port, close: () => close(http, tunnels) }
}

async function close(http: Server, tunnels: ReadonlySet<Duplex>): Promise<void> {
  const closed = once(http, "close")
  http.close()
  http.closeAllConnections()
  for (const each of tunnels) each.destroy()
  await closed
}

function livePort({ cluster, clock }: FrontParts): Promise<number | undefined> {
  const port = cluster.port()
  if (port !== undefined) return Promise.resolve(port)
  return new Promise((resolve) => {
    const timer = clock.startTimer(waitMs, () => {
      stop()
      resolve(undefined)
    })
    const stop = cluster.onLive(() => {
      clock.stopTimer(timer)
      resolve(cluster.port())
    })
  })
}

async function forward(request: IncomingMessage, response: ServerResponse, parts: FrontParts): Promise<void> {
  const port = await livePort(parts)
  if (port === undefined) return refuse(response, 503, parts)
  const { method, url, headers } = request
  const there = open(
    { host: frontHost, port, method, path: url, headers: without(requestHops, headers), agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, {
        ...without(answerHops, answer.headers),
        ...parts.headers(request),
      })
      answer.pipe(response)
      answer.on("error", () => response.destroy())
    },
  )
  there.on("error", () => (response.headersSent ? response.destroy() : refuse(response, 502, parts)))
  response.on("close", () => there.destroy())
  request.pipe(there)
}

function without<H extends IncomingMessage["headers"]>(names: readonly string[], headers: H): H {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))) as H
}

function refuse(response: ServerResponse, status: number, { nobody }: FrontParts): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
  response.end(`${nobody}\n`)
}

async function tunnel(request: IncomingMessage, network: Duplex, head: Buffer, parts: FrontParts): Promise<void> {
  const port = await livePort(parts)
  if (port === undefined || network.destroyed) return void network.destroy()
  const there = connect(port, frontHost)
  there.write(headOf(request))
  there.write(head)
  network.pipe(there)
  there.pipe(network)
  // However either ends, the other one is to notice at once: a killed node says no goodbye.
  there.on("error", () => there.destroy()).on("close", () => network.destroy())
  network.on("close", () => there.destroy())
}

/** The request as it came. */
function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []))
  return `${method} ${url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`
}
