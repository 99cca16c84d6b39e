/** What a handler answers. One place in each gateway turns it into frames and closes. */
import { type CloseCode, type ErrorCode, type ErrorDetails, type WireError, wireError } from "@everthread/protocol"

export interface Done<Result> {
  readonly ok: true
  readonly result: Result
  /** To be called when the reply is on its way: what must not reach the device before it. */
  readonly after?: () => void
}

export interface Refused {
  readonly ok: false
  readonly error: WireError
  /** The connection cannot go on after this. */
  readonly close?: CloseCode
}

export type Outcome<Result> = Done<Result> | Refused

export function done<Result>(result: Result, after?: () => void): Done<Result> {
  return after ? { ok: true, result, after } : { ok: true, result }
}

export function refused(code: ErrorCode, details?: ErrorDetails): Refused {
  return { ok: false, error: wireError(code, details) }
}
