/** An append, and whatever else is written beside the log in its very transaction: both, or neither. (SPEC LOG3, RUN2) */
import type { AppendRequest, AppendResult } from "@everthread/engine"
import { append, type Moment, type Outcome } from "./append.ts"
import type { Tables } from "./tables.ts"

/** What is written beside the log. */
export interface Beside {
  /** It only reads. Where it says so, nothing is appended and nothing written. */
  refuses(tables: Tables): boolean
  /** Writing twice what was written is harmless: a repeat of the append brings it again. */
  write(tables: Tables): void
}

export function appendWith(
  tables: Tables,
  request: AppendRequest,
  beside: Beside,
  moment: Moment,
): Outcome<AppendResult> {
  if (beside.refuses(tables)) return { result: { status: "fenced" } }
  const outcome = append(tables, request, moment)
  const { status } = outcome.result
  if (status === "appended" || status === "duplicate") beside.write(tables)
  return outcome
}
