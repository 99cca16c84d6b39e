/**
 * The port of a node that only runs agents: `/healthz`, `/readyz` and `/metrics`, and no socket.
 *
 * It stays open while the node hands its runs over, and says that it is leaving. (SPEC CON4)
 */
import { createServer } from "node:http"
import type { Engine } from "@everthread/engine"
import type { Config } from "./config/index.ts"
import type { Log } from "./core/log-sink.ts"
import { listen } from "./http/listen.ts"
import { answer } from "./http/pages.ts"
import type { Metrics } from "./metrics/create-metrics.ts"

export interface PagesOptions {
  readonly config: Pick<Config, "websocket" | "metrics">
  readonly engine: Engine
  readonly log: Log
  readonly node: string
  readonly metrics: Metrics | undefined
}

export interface RunningPages {
  readonly host: string
  readonly port: number
  /** From now on it says that the node is leaving. */
  drain(): void
  close(): Promise<void>
}

/** @throws ListenError if the port cannot be bound. */
export async function startPages({ config, engine, log, node, metrics }: PagesOptions): Promise<RunningPages> {
  let isDraining = false
  metrics?.watchEngine(engine)
  const pages = {
    health: () => ({ node, isDraining, engine: engine.status() }),
    sockets: {},
    metrics: metrics && { metrics, token: config.metrics.token, log },
  }
  const http = createServer((request, response) => answer(request, response, pages))
  const address = await listen(http, config.websocket.host, config.websocket.port)
  return {
    ...address,
    drain() {
      isDraining = true
    },
    async close() {
      const closed = new Promise<void>((resolve) => http.close(() => resolve()))
      http.closeAllConnections()
      await closed
    },
  }
}
