/**
 * The table of close codes: 4000 + the HTTP status of the same meaning, as LangGraph's SDK does.
 *
 * `reconnect`: `never` (a person has to act), `refresh` (with a new token), `backoff` (full jitter).
 * A code that is not in the table, 1006 above all, means that the network failed: back off. (SPEC ERR2)
 */
import type { ErrorCode } from "./errors.ts"

export type Reconnect = "never" | "refresh" | "backoff"

export interface CloseRule {
  readonly reconnect: Reconnect
  readonly meaning: string
}

export const closeRules = {
  4400: { reconnect: "never", meaning: "The peer does not speak this protocol." },
  4401: { reconnect: "refresh", meaning: "The token is missing, expired or not valid." },
  4403: { reconnect: "never", meaning: "The peer may not connect." },
  4408: { reconnect: "backoff", meaning: "The peer was too slow; come back with its cursor." },
  4413: { reconnect: "never", meaning: "A frame was larger than the server takes." },
  4426: { reconnect: "never", meaning: "The server does not speak this version of the protocol." },
  4429: { reconnect: "backoff", meaning: "The peer sent too much." },
  4500: { reconnect: "backoff", meaning: "Something went wrong in the server." },
  4503: { reconnect: "backoff", meaning: "The node is shutting down or cannot serve; connect again." },
} as const satisfies Record<number, CloseRule>

export type CloseCode = keyof typeof closeRules

/** The close code that goes with an error that ends a connection. */
export const closeCodeOf: Partial<Record<ErrorCode, CloseCode>> = {
  bad_frame: 4400,
  hello_required: 4400,
  hello_timeout: 4408,
  idle_timeout: 4408,
  slow_consumer: 4408,
  frame_too_large: 4413,
  protocol_unsupported: 4426,
  unauthorized: 4401,
  forbidden: 4403,
  rate_limited: 4429,
  internal: 4500,
  unavailable: 4503,
  draining: 4503,
}

/** RFC 6455: the purpose of the connection is fulfilled. */
const normalClose = 1000

/** How a client goes on after a close: the table's rule, `never` for a normal close, else `backoff`. */
export function reconnectAfter(code: number): Reconnect {
  if (code === normalClose) return "never"
  if (code in closeRules) return closeRules[code as CloseCode].reconnect
  return "backoff"
}
