/**
 * Where tokens come from, and a new one before the old one expires.
 *
 * A token that expires on an open connection closes it (SPEC AUT2), so one that can be replaced is
 * replaced in band. Where our clock says that a token the server has just accepted expired long ago,
 * the clock is wrong: nothing is done, and the close with 4401 brings the new one.
 */
import type { Clock, Random, ResultOf, Timer } from "@everthread/protocol"
import { backoffMs } from "./backoff.ts"
import { clientLimits } from "./limits.ts"

/** A fixed token, or how to get one each time one is needed. */
export type TokenOption = string | (() => Promise<string>)

export interface TokenSource {
  /** Whether another `get` may bring another token. */
  readonly refreshable: boolean
  get(): Promise<string | undefined>
}

export function tokenSource(option: TokenOption | undefined): TokenSource {
  if (typeof option === "function") return { refreshable: true, get: option }
  return { refreshable: false, get: async () => option }
}

/** @returns what a JWT says of itself, or nothing. It is not verified. */
function claimsOf(token: string): { readonly exp?: unknown; readonly sub?: unknown } {
  try {
    const payload: unknown = JSON.parse(atob((token.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/")))
    return payload ?? {}
  } catch {
    return {}
  }
}

/** @returns when a JWT expires, in milliseconds since 1970, or `undefined` if it does not say. */
export function expiryOf(token: string): number | undefined {
  const { exp } = claimsOf(token)
  return typeof exp === "number" ? exp * 1000 : undefined
}

/** @returns whose token it is, or `undefined` if it does not say. */
export function subjectOf(token: string): string | undefined {
  const { sub } = claimsOf(token)
  return typeof sub === "string" ? sub : undefined
}

export interface TokenRefreshOptions {
  readonly clock: Clock
  readonly random: Random
  readonly source: TokenSource
  /** Gives the server the new token on the open connection. */
  submit(token: string): Promise<ResultOf<"token">>
}

export class TokenRefresh {
  readonly #options: TokenRefreshOptions
  #timer: Timer | undefined
  /** Rises with every start and stop: an answer that comes after one is of no use. */
  #generation = 0

  constructor(options: TokenRefreshOptions) {
    this.#options = options
  }

  /** A connection is open with this token. */
  start(token: string | undefined): void {
    this.stop()
    if (this.#options.source.refreshable && token !== undefined) this.#plan(expiryOf(token))
  }

  stop(): void {
    this.#generation += 1
    if (this.#timer) this.#options.clock.stopTimer(this.#timer)
  }

  #plan(expiresAt: number | undefined): void {
    const remainingMs = (expiresAt ?? 0) - this.#options.clock.now()
    if (remainingMs <= 0) return
    // A token that lives shorter than the usual lead is replaced at half of its time.
    this.#refreshIn(Math.max(remainingMs - clientLimits.tokenRefreshAheadMs, remainingMs / 2), 0)
  }

  #refreshIn(delayMs: number, failures: number): void {
    const run = () => void this.#refresh(failures)
    this.#timer = this.#options.clock.startTimer(Math.min(delayMs, clientLimits.timerMaxMs), run)
  }

  async #refresh(failures: number): Promise<void> {
    const generation = this.#generation
    const token = await this.#options.source.get().catch(() => undefined)
    if (generation !== this.#generation) return
    if (token === undefined) {
      return this.#refreshIn(backoffMs(failures + 1, this.#options.random.fraction()), failures + 1)
    }
    // A refusal needs nothing here: the server closes the connection with 4401.
    const result = await this.#options.submit(token).catch(() => undefined)
    if (result && generation === this.#generation) this.#plan(result.expiresAt ?? expiryOf(token))
  }
}
