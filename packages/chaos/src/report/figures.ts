/** The numbers at the top of a report. */
import type { EndLine, FaultLine, OperationLine } from "../record/record.ts"

export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export interface Figures {
  readonly operations: number
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
  readonly faults: number
  readonly takeovers: number
  /** Absent where nobody counted to the end. */
  readonly resent?: number
  readonly resets?: number
  readonly runs?: number
  readonly frames?: number
  readonly subscriptions?: number
  /** From asking to the acknowledgement, in milliseconds. */
  readonly ack?: Spread
  readonly firstToken?: Spread
}

export interface Counted {
  readonly operations: readonly OperationLine[]
  readonly faults: readonly FaultLine[]
  readonly takeovers: number
  readonly end: EndLine | undefined
}

/** That a first token came is the effect of an operation, and not one. */
export const isAsked = ({ kind }: OperationLine): boolean => kind !== "first token"

export function figuresOf({ operations, faults, takeovers, end }: Counted): Figures {
  const asked = operations.filter(isAsked)
  const having = (outcome: OperationLine["outcome"]) => asked.filter((operation) => operation.outcome === outcome)
  const ack = spreadOf(having("ok").flatMap(tookMs))
  const firstToken = spreadOf(operations.filter((operation) => !isAsked(operation)).flatMap(tookMs))
  return {
    operations: asked.length,
    acknowledged: having("ok").length,
    refused: having("refused").length,
    unknown: having("unknown").length,
    faults: faults.length,
    takeovers,
    ...(end === undefined ? {} : countsOf(end)),
    ...(ack === undefined ? {} : { ack }),
    ...(firstToken === undefined ? {} : { firstToken }),
  }
}

function countsOf({ counts }: EndLine): Pick<Figures, "resent" | "resets" | "runs" | "frames" | "subscriptions"> {
  const { resent, resets, runs, frames, subscriptions } = counts
  return { resent, resets, runs, frames, subscriptions }
}

const tookMs = ({ fromMs, toMs }: OperationLine): number[] => (toMs === undefined ? [] : [toMs - fromMs])

/** @returns `undefined` of nothing. The p-quantile is the smallest value that at least so many are not above (nearest rank). */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const max = sorted.at(-1)
  if (max === undefined) return undefined
  const at = (quantile: number) => sorted[Math.ceil(quantile * sorted.length) - 1] ?? max
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max }
}
