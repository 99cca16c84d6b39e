/** Which piece of a list is asked for. In a body as numbers, in an address as text. */
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import type { StockRequest } from "./request.ts"

export interface Page {
  readonly limit: number
  readonly offset: number
}

const limitDefault = 10
const limitMax = 1_000

export function pageOf({ body, query }: StockRequest): Outcome<Page> {
  const limit = wholeNumber(body["limit"] ?? query.get("limit"), limitDefault)
  const offset = wholeNumber(body["offset"] ?? query.get("offset"), 0)
  if (limit === undefined || limit < 1) return invalid("limit", "it takes a whole number from 1")
  if (offset === undefined) return invalid("offset", "it takes a whole number from 0")
  return done({ limit: Math.min(limit, limitMax), offset })
}

function wholeNumber(value: unknown, otherwise: number): number | undefined {
  if (value === undefined || value === null) return otherwise
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isInteger(number) && number >= 0 ? number : undefined
}

function invalid(field: string, reason: string): Outcome<never> {
  return refused("invalid_field", { field, message: `${field}: ${reason}` })
}
