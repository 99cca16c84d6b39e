/** Where a subscription delivers to in a test: it keeps everything, and checks the chain as a device would. */
import {
  type ConversationState,
  type Cursor,
  emptyState,
  reduceAll,
  seqOf,
  startCursor,
  type WireError,
} from "@everthread/protocol"
import type { LogFrame } from "../../src/core/log-frame.ts"
import type { Sink } from "../../src/core/subscription-options.ts"

export class RecordingSink implements Sink {
  cursor: Cursor
  state: ConversationState
  readonly seqs: number[] = []
  readonly upToDates: Cursor[] = []
  readonly snapshots: string[] = []
  readonly ephemerals: string[] = []
  readonly faults: string[] = []
  error: WireError | undefined
  /** Whether each frame has to carry the state before it. */
  isStateful = false
  /** Called with each frame and each snapshot's cursor before it is taken; what it throws, the sink throws. */
  take: (what: LogFrame | Cursor) => void = () => undefined
  /** What to do with each step of a replay, before it is done. */
  hold: () => Promise<void> = () => Promise.resolve()

  constructor(cursor: Cursor = startCursor, state: ConversationState = emptyState) {
    this.cursor = cursor
    this.state = state
  }

  frame(frame: LogFrame): void {
    this.take(frame)
    if (frame.prev !== this.cursor) this.faults.push(`(${frame.prev}, ${frame.cursor}] after ${this.cursor}`)
    if (frame.before) this.#compare(frame.before)
    else if (this.isStateful) this.faults.push(`no state before seq ${this.seq + 1}`)
    this.cursor = frame.cursor
    this.state = reduceAll(
      this.state,
      frame.entries.map((entry) => entry.event),
    )
    this.seqs.push(...frame.entries.map((entry) => entry.seq))
  }

  snapshot(reason: string, cursor: Cursor, stateJson: string): void {
    this.take(cursor)
    this.snapshots.push(reason)
    this.cursor = cursor
    this.state = JSON.parse(stateJson) as ConversationState
    this.seqs.length = 0
  }

  upToDate(cursor: Cursor): void {
    if (cursor !== this.cursor) this.faults.push(`up to date at ${cursor}, held ${this.cursor}`)
    this.upToDates.push(cursor)
  }

  ephemeral(body: string): void {
    this.ephemerals.push(body)
  }

  ended(error: WireError): void {
    if (this.error) this.faults.push("ended twice")
    this.error = error
  }

  async turn<T>(work: () => Promise<T>): Promise<T> {
    await this.hold()
    return work()
  }

  /** Whether the events since the snapshot are without a gap and without a repeat. */
  get isDense(): boolean {
    return this.seqs.every((seq, at) => at === 0 || seq === (this.seqs[at - 1] ?? 0) + 1)
  }

  get seq(): number {
    return seqOf(this.cursor)
  }

  #compare(before: ConversationState): void {
    if (JSON.stringify(before) !== JSON.stringify(this.state))
      this.faults.push(`the state before seq ${this.seq + 1} is not what the device holds`)
  }
}
