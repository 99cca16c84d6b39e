/** Errors as statuses of HTTP, for the protocols that travel over it. */
import type { ErrorCode } from "./errors.ts"

const statuses: { readonly [C in ErrorCode]?: number } = {
  bad_frame: 400,
  frame_too_large: 413,
  invalid_field: 422,
  unknown_command: 422,
  limit_reached: 422,
  unauthorized: 401,
  not_member: 403,
  forbidden: 403,
  not_found: 404,
  key_reused: 409,
  already_exists: 409,
  already_answered: 409,
  busy: 409,
  run_ended: 409,
  rate_limited: 429,
  read_only: 503,
  unavailable: 503,
  draining: 503,
}

/** What has no status of its own is the server's fault. */
export function httpStatusOf(code: ErrorCode): number {
  return statuses[code] ?? 500
}
