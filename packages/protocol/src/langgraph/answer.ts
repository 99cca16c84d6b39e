/** Answers in the protocol's words: successes, and our errors under the codes that its clients know. */
import type { ErrorCode, WireError } from "../errors.ts"

export interface Answer {
  readonly result: object
  /** Everything up to this position was there when the command was applied. */
  readonly throughPosition?: number
}

export function success(id: number, { result, throughPosition }: Answer): object {
  const meta = throughPosition === undefined ? {} : { meta: { applied_through_seq: throughPosition } }
  return { type: "success", id, result, ...meta }
}

type StockCode =
  | "invalid_argument"
  | "unknown_command"
  | "unknown_error"
  | "no_such_run"
  | "no_such_subscription"
  | "no_such_interrupt"
  | "no_such_checkpoint"
  | "permission_denied"
  | "not_supported"

const stockCodes: { readonly [C in ErrorCode]?: StockCode } = {
  bad_frame: "invalid_argument",
  frame_too_large: "invalid_argument",
  invalid_field: "invalid_argument",
  key_reused: "invalid_argument",
  limit_reached: "invalid_argument",
  already_exists: "invalid_argument",
  unauthorized: "permission_denied",
  not_member: "permission_denied",
  forbidden: "permission_denied",
  already_answered: "no_such_interrupt",
  run_ended: "no_such_run",
  not_subscribed: "no_such_subscription",
}

const missing: Readonly<Record<string, StockCode>> = {
  interrupt: "no_such_interrupt",
  run: "no_such_run",
  checkpoint: "no_such_checkpoint",
}

/** @param id `null` where the frame could not be read as a command. */
export function failure(id: number | null, error: WireError): object {
  const { code, message, field, limit, retryAfterMs, retryable } = error
  const more = {
    ...(field === undefined ? {} : { field }),
    ...(limit === undefined ? {} : { limit }),
    ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }),
  }
  return { type: "error", id, error: stockCodeOf(error), message, code, retryable, ...more }
}

function stockCodeOf({ code, field }: WireError): StockCode {
  if (code === "unknown_command") return field === "method" ? "unknown_command" : "not_supported"
  if (code === "not_found") return missing[field ?? ""] ?? "invalid_argument"
  return stockCodes[code] ?? "unknown_error"
}
