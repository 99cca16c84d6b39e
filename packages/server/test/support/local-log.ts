/** What a device holds of one conversation, checked frame by frame: a gap or a repeat is a fault, and is kept. */
import {
  type ConversationState,
  type Cursor,
  type DownFrame,
  emptyState,
  type LogEvent,
  reduceAll,
  seqOf,
  startCursor,
} from "@everthread/protocol"

export class LocalLog {
  cursor: Cursor | undefined
  state: ConversationState = emptyState
  /** Every event since the last snapshot. */
  events: LogEvent[] = []
  upToDates = 0
  readonly snapshots: string[] = []
  readonly ephemeral: DownFrame[] = []
  /** Each frame that did not follow. */
  readonly faults: string[] = []

  get seq(): number {
    return this.cursor === undefined ? 0 : seqOf(this.cursor)
  }

  get texts(): string[] {
    return this.events.flatMap((event) => (event.type === "message" ? [event.text] : []))
  }

  take(frame: DownFrame): void {
    switch (frame.type) {
      case "events":
        return this.#apply(frame)
      case "snapshot":
        this.snapshots.push(frame.reason)
        this.cursor = frame.cursor
        this.state = frame.state
        this.events = []
        return
      case "upToDate":
        this.upToDates++
        if (frame.cursor !== (this.cursor ?? startCursor))
          this.faults.push(`upToDate at ${frame.cursor}, held ${this.cursor}`)
        return
      case "typing":
      case "presence":
      case "unheard":
        this.ephemeral.push(frame)
        return
    }
  }

  #apply({ prev, cursor, events }: Extract<DownFrame, { type: "events" }>): void {
    if (prev !== (this.cursor ?? startCursor)) this.faults.push(`(${prev}, ${cursor}] after ${this.cursor}`)
    this.cursor = cursor
    this.events.push(...(events as LogEvent[]))
    this.state = reduceAll(this.state, events as LogEvent[])
  }
}
