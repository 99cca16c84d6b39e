/**
 * What a store shows to whoever only looks at it, beside the servers that use it.
 *
 * A reader writes nothing, whatever it is asked, and holds nobody up. What it shows is what the ports of the engine
 * show; only where a log begins is said here and nowhere else, because nobody who serves people needs it.
 */
import type { Cursor } from "@everthread/protocol"
import type { Directory } from "./directory.ts"
import type { EventLog } from "./event-log.ts"
import type { Leases } from "./leases.ts"

type ReadOfLog = "read" | "head" | "snapshot" | "archived" | "archivedAfter" | "archivedCount" | "repeated" | "value"

export interface LogReader extends Pick<EventLog, ReadOfLog> {
  /**
   * @returns the cursor behind which entries are kept one by one: the last trimmed entry's, or `startCursor` while none
   *   was; `undefined` without a log.
   */
  keptAfter(conversation: string): Promise<Cursor | undefined>
}

export interface EngineReader {
  /** What it is, for people. */
  readonly description: string
  readonly log: LogReader
  readonly directory: Pick<Directory, "role" | "members" | "conversations" | "every">
  readonly leases: Pick<Leases, "openRuns">
  /** See `Engine.wallTime`. */
  wallTime(): Promise<number>
  close(): Promise<void>
}
