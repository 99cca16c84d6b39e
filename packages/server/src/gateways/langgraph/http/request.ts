/** One request of a stock client, read and known: what the handlers of its paths are given. */
import type { RawFrame } from "@everthread/protocol"
import type { Actor, Core } from "../../../core/core.ts"
import type { Outcome } from "../../../core/outcome.ts"

export interface StockRequest {
  readonly core: Core
  readonly actor: Actor
  /** What stands in the places that the path's pattern names, decoded. */
  readonly names: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: RawFrame
}

/** @returns what is answered as JSON. */
export type StockHandler = (request: StockRequest) => Promise<Outcome<unknown>>
