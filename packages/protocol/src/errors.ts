/**
 * The table of errors: every code the server may answer with, and whether the client may retry.
 *
 * `retry`: `never` (the same request fails again), `now` (after the reconnect or the refresh that
 * the text names), `later` (after `retryAfterMs`, with jitter). (SPEC ERR1)
 */
export type Retry = "never" | "now" | "later"

export interface ErrorRule {
  readonly retry: Retry
  /** How long to wait where the server does not say, in milliseconds; with `retry: "later"` only. */
  readonly retryAfterMs?: number
  /** What it means, for the documentation and as the text where nothing more precise is known. */
  readonly meaning: string
}

const never = (meaning: string): ErrorRule => ({ retry: "never", meaning })
const later = (retryAfterMs: number, meaning: string): ErrorRule => ({ retry: "later", retryAfterMs, meaning })

export const errorRules = {
  bad_frame: never("The frame is not JSON text of the protocol's shape."),
  frame_too_large: never("The frame is larger than the server takes."),
  invalid_field: never("A field is missing, has the wrong type, or is out of its limits."),
  unknown_command: never("The server does not know this command."),
  hello_required: never("The first frame must be a hello."),
  hello_repeated: never("The hello was already said on this connection."),
  hello_timeout: { retry: "now", meaning: "No hello came in time." },
  protocol_unsupported: never("The server does not speak this version of the protocol."),
  unauthorized: { retry: "now", meaning: "The token is missing, expired or not valid; get a new one and try again." },
  not_member: never("Only members of the conversation may do this."),
  forbidden: never("This member's role does not allow it."),
  not_found: never("There is no such thing in this conversation."),
  already_exists: never("A conversation of this id exists already."),
  not_subscribed: never("This connection is not subscribed to the conversation."),
  key_reused: never("The idempotency key was used before with another body."),
  already_answered: never("The interrupt was answered before."),
  busy: never("A run is under way, and the send asked to be refused then."),
  run_ended: never("The run has ended."),
  limit_reached: never("A limit of the protocol is reached."),
  rate_limited: later(1_000, "Too many requests; wait and try again."),
  slow_consumer: { retry: "now", meaning: "The device took too long to read; come back with its cursor." },
  idle_timeout: { retry: "now", meaning: "Nothing was heard from the device for too long." },
  read_only: later(5_000, "The store takes no writes at the moment; reading works."),
  unavailable: later(1_000, "The store or the node cannot serve at the moment."),
  draining: later(500, "The node is shutting down; connect again and reach another one."),
  internal: later(1_000, "Something went wrong in the server."),
} as const satisfies Record<string, ErrorRule>

export type ErrorCode = keyof typeof errorRules

/** An error as it travels, in every protocol. */
export interface WireError {
  readonly code: ErrorCode
  /** A sentence for a person: what is wrong and what to do. */
  readonly message: string
  /** The field that is wrong, as a path with dots. */
  readonly field?: string
  /** The limit that was crossed, in the unit the message names. */
  readonly limit?: number
  /** How long to wait before trying again, in milliseconds; absent where a retry is pointless. */
  readonly retryAfterMs?: number
  /** Whether sending the same again can succeed. */
  readonly retryable: boolean
}

/** What may be said about an error beside its code. */
export interface ErrorDetails {
  readonly message?: string
  readonly field?: string
  readonly limit?: number
  readonly retryAfterMs?: number
}

/** Builds the error that travels, with the table's retry rule. */
export function wireError(code: ErrorCode, details: ErrorDetails = {}): WireError {
  const rule: ErrorRule = errorRules[code]
  const retryAfterMs = details.retryAfterMs ?? rule.retryAfterMs
  return {
    code,
    message: details.message ?? rule.meaning,
    ...(details.field === undefined ? {} : { field: details.field }),
    ...(details.limit === undefined ? {} : { limit: details.limit }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    retryable: rule.retry !== "never",
  }
}
