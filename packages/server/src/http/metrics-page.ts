/** `/metrics`: what a node knows of itself, for whoever may read it. */
import { createHash, timingSafeEqual } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Log } from "../core/log-sink.ts"
import type { Metrics } from "../metrics/create-metrics.ts"

export interface MetricsPage {
  readonly metrics: Pick<Metrics, "read" | "contentType">
  /** Whoever reads has to bring it; `undefined`: anybody may. */
  readonly token: string | undefined
  readonly log: Log
}

/** Never rejects. */
export async function sendMetrics(
  request: IncomingMessage,
  response: ServerResponse,
  page: MetricsPage,
): Promise<void> {
  if (!mayRead(request.headers.authorization, page.token)) {
    response.setHeader("www-authenticate", 'Bearer realm="metrics"')
    return send(response, 401, "text/plain; charset=utf-8", "Bring metrics.token as a bearer token.\n")
  }
  try {
    send(response, 200, page.metrics.contentType, await page.metrics.read())
  } catch (error) {
    page.log.error({ err: error }, "the metrics could not be read")
    send(response, 500, "text/plain; charset=utf-8", "The metrics could not be read; the server's log says why.\n")
  }
}

/** Digests are compared, because they have one length and take one time. */
function mayRead(authorization: string | undefined, token: string | undefined): boolean {
  if (token === undefined) return true
  const [, brought = ""] = /^bearer (.*)$/i.exec(authorization ?? "") ?? []
  return timingSafeEqual(digest(brought), digest(token))
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest()
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, {
    "content-type": contentType,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  })
  response.end(body)
}
