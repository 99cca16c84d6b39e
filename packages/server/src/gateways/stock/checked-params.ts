/** Checking what a request brings along against its schema. */
import { type RawFrame, type WireError, wireError } from "@everthread/protocol"
import { explainIssue } from "@everthread/protocol/schema"
import type * as z from "zod"

export type CheckedParams<Params> =
  | { readonly ok: true; readonly result: Params }
  | { readonly ok: false; readonly error: WireError }

/** @returns the parameters, or the first thing that is wrong with them. */
export function checkedParams<S extends z.ZodType>(schema: S, params: RawFrame): CheckedParams<z.infer<S>> {
  const read = schema.safeParse(params)
  if (read.success) return { ok: true, result: read.data }
  const [issue] = read.error.issues
  return { ok: false, error: issue ? explainIssue(issue, params) : wireError("invalid_field") }
}
