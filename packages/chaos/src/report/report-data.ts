/**
 * What the page is given: the record, made small. Operations are columns of numbers, because there may be a hundred thousand of
 * them; names are said once and then named by their index.
 */
import type { Finding } from "@everthread/sim"
import type { EndLine, FaultLine, RunLine, StateLine } from "../record/record.ts"
import type { Figures } from "./figures.ts"

export interface ReportData {
  readonly run: Omit<RunLine, "type">
  /** Absent where the record has no end. */
  readonly end?: Omit<EndLine, "type">
  /** How long it went on, as far as the record says. */
  readonly ms: number
  readonly lanes: readonly Lane[]
  readonly faults: readonly Omit<FaultLine, "type">[]
  readonly operations: OperationColumns
  readonly figures: Figures
  readonly findings: readonly FoundData[]
  /** Findings beyond those that are shown. */
  readonly more: number
  /** Lines of the record that are none. */
  readonly unreadable: number
}

export interface Lane {
  readonly of: StateLine["of"] | "other"
  readonly name: string
  readonly states: readonly { readonly atMs: number; readonly state: StateLine["state"]; readonly node?: string }[]
}

/** In the order in which they were asked for; one place in every column is one operation. */
export interface OperationColumns {
  readonly devices: readonly string[]
  readonly conversations: readonly string[]
  readonly nodes: readonly string[]
  readonly kinds: readonly string[]
  readonly codes: readonly string[]
  readonly device: readonly number[]
  readonly conversation: readonly number[]
  /** -1: on no node. */
  readonly node: readonly number[]
  readonly kind: readonly number[]
  /** Since the one before, in milliseconds. */
  readonly gapMs: readonly number[]
  /** -1: its outcome was never known. */
  readonly tookMs: readonly number[]
  readonly outcome: readonly number[]
  /** -1: none. */
  readonly code: readonly number[]
}

export interface FoundData extends Finding {
  readonly entries: readonly EntryData[]
}

/** An entry of the log near what was found. */
export interface EntryData {
  readonly cursor: string
  readonly type: string
  readonly text: string
  /** What was found names it. */
  readonly isNamed: boolean
}
