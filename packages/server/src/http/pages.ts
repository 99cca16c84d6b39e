/** The few plain HTTP answers: is the process alive, should it get traffic, what is this. */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { EngineStatus } from "@everthread/engine"
import { type MetricsPage, sendMetrics } from "./metrics-page.ts"
import type { WebApp } from "./web-app.ts"

export interface Health {
  readonly node: string
  readonly isDraining: boolean
  readonly engine: EngineStatus
}

export interface Pages {
  health(): Health
  /** Where its sockets are, by protocol; none on a node that only runs agents. */
  readonly sockets: Readonly<Record<string, string>>
  /** `undefined`: there is no such page here. */
  readonly metrics: MetricsPage | undefined
  /** What browsers get; `undefined`: they are told what every other program is. */
  readonly app?: WebApp | undefined
  /** Whether who connects has to bring a token. */
  readonly token?: boolean
}

export function answer(request: IncomingMessage, response: ServerResponse, pages: Pages): void {
  const { health, sockets, metrics, app, token } = pages
  const path = (request.url ?? "/").split("?", 1)[0]
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, 405, { error: "method not allowed" })
  if (path === "/healthz") return send(response, 200, { status: "ok", node: health().node })
  if (path === "/readyz") return sendReadiness(response, health())
  if (path === "/metrics" && metrics) return void sendMetrics(request, response, metrics)
  if (app?.answer(request, response)) return
  if (path === "/") return send(response, 200, { name: "everthread", node: health().node, ...sockets, token })
  send(response, 404, { error: "not found" })
}

/**
 * A node whose store takes no writes still serves reads and keeps its sockets, so it stays in the rotation and says so.
 * One whose store is away keeps its sockets too, but is given no new ones. (SPEC STO2, STO3)
 */
function sendReadiness(response: ServerResponse, { node, isDraining, engine }: Health): void {
  const status = isDraining ? "draining" : readiness[engine.state]
  const serves = status === "ready" || status === "read-only"
  send(response, serves ? 200 : 503, { status, node, ...(engine.reason ? { reason: engine.reason } : {}) })
}

const readiness = { ready: "ready", "read-only": "read-only", unavailable: "degraded" } as const

function send(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
    "cache-control": "no-store",
    vary: "accept",
  })
  response.end(text)
}
