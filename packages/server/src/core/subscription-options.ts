/** What a subscription is given: where it delivers to, what for, and what it works with. */
import type { Engine } from "@everthread/engine"
import type { Clock, Cursor, Random, SnapshotReason, WireError } from "@everthread/protocol"
import type { Admission } from "./admission.ts"
import type { Hub } from "./hub.ts"
import type { LogFrame } from "./log-frame.ts"
import type { Log } from "./log-sink.ts"
import type { Meter } from "./meter.ts"

/** Where a subscription delivers to: the connection, through its protocol. */
export interface Sink {
  /** Takes all of it, or throws. */
  frame(frame: LogFrame): void
  /** What follows it is delivered when it has resolved. */
  snapshot(reason: SnapshotReason, cursor: Cursor, stateJson: string): void | Promise<void>
  upToDate(cursor: Cursor): void
  ephemeral(body: string): void
  /** Nothing comes after this. */
  ended(error: WireError): void
  /** Does the work, one step of a replay, when the device can take it: at once, or after other replays. */
  turn<T>(work: () => Promise<T>): Promise<T>
}

export interface SubscriptionOptions {
  readonly conversation: string
  readonly user: string
  readonly cursor: Cursor | undefined
  /** Whether the user is a member: it may have been asked since the device said its cursor. */
  readonly admission: Admission
  readonly sink: Sink
  /** Every frame that is delivered has to carry the state before it. */
  readonly stateful: boolean
  readonly hub: Hub
  readonly engine: Engine
  readonly clock: Clock
  readonly random: Random
  readonly logger: Log
  readonly meter: Meter
}
