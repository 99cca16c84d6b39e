/**
 * What a run leaves behind: `history.jsonl`, a line each in the order in which they became known. Times are milliseconds since
 * the run began, by the one clock of the process that plays the people.
 */
import type { Finding, History } from "@everthread/sim"
import type { StoreKind } from "../deployment/deployment.ts"
import type { Counts } from "../people/counts.ts"

export type RecordLine = RunLine | OperationLine | StateLine | FaultLine | HistoryLine | FindingLine | EndLine

/** The first line. */
export interface RunLine {
  readonly type: "run"
  /** ISO 8601. */
  readonly beganAt: string
  /** How to play it again, as one types it. */
  readonly command: string
  readonly seed: number
  readonly store: StoreKind | "theirs"
  readonly seconds: number
  readonly nodes: readonly string[]
  /** `user/device` each. */
  readonly devices: readonly string[]
  readonly conversations: readonly string[]
  readonly nemeses: readonly { readonly name: string; readonly about: string }[]
  readonly leftOut: readonly { readonly name: string; readonly why: string }[]
}

/** Something that a device asked for. */
export interface OperationLine {
  readonly type: "operation"
  readonly device: string
  readonly conversation: string
  readonly kind: "send" | "ask" | "answer" | "edit" | "redact" | "react" | "stop" | "first token"
  readonly fromMs: number
  /** When its outcome was known; absent: never. */
  readonly toMs?: number
  /** `unknown`: nobody can say whether it was done, and it was not said again. */
  readonly outcome: "ok" | "refused" | "unknown"
  /** The code with which it was refused. */
  readonly code?: string
  /** The node that the device was connected to when it was asked. */
  readonly node?: string
}

/** From now on it is so with a node, a server or a device. */
export interface StateLine {
  readonly type: "state"
  readonly of: "node" | "server" | "device"
  readonly name: string
  readonly state: "up" | "down" | "paused" | "live" | "away"
  /** The node that a device is connected to. */
  readonly node?: string
  readonly atMs: number
}

/** One harm, from its beginning to its end. */
export interface FaultLine {
  readonly type: "fault"
  readonly nemesis: string
  readonly target: string
  readonly what: string
  readonly fromMs: number
  readonly toMs: number
}

/** All that the checker was given about one conversation; where it found nothing, without frames, see `without-frames.ts`. */
export interface HistoryLine {
  readonly type: "history"
  readonly history: History
}

export interface FindingLine {
  readonly type: "finding"
  readonly finding: Finding
}

/** The last line. */
export interface EndLine {
  readonly type: "end"
  readonly ms: number
  readonly counts: Counts
  readonly findings: number
  /** Why it could not be played to its end. */
  readonly error?: string
}
