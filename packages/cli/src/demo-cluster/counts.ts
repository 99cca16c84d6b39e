/** What each scene counted. This is also what `--json` prints. */
import type { Device } from "./device.ts"

export interface DeviceCount {
  readonly name: string
  readonly node: number
  /** Messages, from the first on. */
  readonly received: number
  /** Digest of what it received, in its order. */
  readonly order: string
  readonly gaps: number
  readonly duplicates: number
}

export interface ConsistencyCounts {
  /** Messages that all devices together have written so far. */
  readonly written: number
  readonly devices: readonly DeviceCount[]
}

/** One that was cut off and came back. */
export interface Return {
  readonly name: string
  readonly fromNode: number
  readonly toNode: number
  /** Messages it held when it was cut off. */
  readonly had: number
  /** Messages that were stored and that it did not have when it came back. */
  readonly missed: number
  /** Of those, what it was sent on its return. */
  readonly got: number
  /** Its own, written or on their way when it was cut off: nobody could tell it which were stored. */
  readonly unconfirmed: number
}

export interface RecoveryCounts extends ConsistencyCounts {
  readonly returns: readonly Return[]
}

/** What one device shows of an answer. */
export interface AnswerCount {
  readonly name: string
  /** In how many pieces it came. */
  readonly pieces: number
  readonly chars: number
  /** Digest of its words. */
  readonly text: string
  readonly outcome: string
}

export interface DevicesCounts {
  readonly answer: readonly AnswerCount[]
  readonly stopped: readonly AnswerCount[]
  readonly question: {
    /** Devices that showed it. */
    readonly shown: number
    /** Answers that were given at the same time, what was stored of them and what was refused. */
    readonly given: number
    readonly stored: number
    readonly refused: number
    /** The device whose answer counted. */
    readonly by: string
    readonly result: readonly AnswerCount[]
  }
  readonly devices: readonly DeviceCount[]
}

export interface DemoCounts {
  readonly consistency: ConsistencyCounts
  readonly recovery: RecoveryCounts
  readonly devices: DevicesCounts
}

export function countOf({ name, node, received }: Device): DeviceCount {
  const { messages, order, gaps, duplicates } = received
  return { name, node: node.number, received: messages.length, order, gaps, duplicates }
}

export interface Sums {
  readonly received: number
  /** How many different orders. */
  readonly orders: number
  readonly gaps: number
  readonly duplicates: number
}

export function sumsOf(devices: readonly DeviceCount[]): Sums {
  const sum = (what: "received" | "gaps" | "duplicates") => devices.reduce((total, device) => total + device[what], 0)
  const orders = new Set(devices.map(({ order }) => order)).size
  return { received: sum("received"), orders, gaps: sum("gaps"), duplicates: sum("duplicates") }
}
