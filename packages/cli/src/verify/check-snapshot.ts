/** Whether the snapshot is in the log, and is what the log adds up to. (SPEC VER3) */
import type { EngineReader } from "@everthread/engine"
import { type LogEvent, seqOf } from "@everthread/protocol"
import { firstDifference } from "./canonical.ts"
import type { Report } from "./finding.ts"
import type { LogFacts } from "./log-facts.ts"
import { Replay } from "./replay.ts"
import { readSnapshot, type StoredSnapshot } from "./stored-snapshot.ts"
import { tailDifference } from "./tail-replay.ts"
import { TrimmedUnderUs, walkLog } from "./walk-log.ts"

/** @param keptAfter where the log began when it was read. */
export function checkSnapshot(snapshot: StoredSnapshot, facts: LogFacts, keptAfter: string, report: Report): void {
  const { cursor, state } = snapshot
  if (facts.snapshotPlace !== cursor) {
    report(
      "snapshot-astray",
      cursor,
      facts.snapshotPlace ? `there stands ${facts.snapshotPlace}` : "the log ends before it",
    )
    return
  }
  const replayed = facts.behind.state
  const from = seqOf(keptAfter)
  // Nothing of the log behind it is kept: there is nothing to compare it with.
  if (from === snapshot.seq) return
  const differs = facts.isWhole ? firstDifference(state, replayed) : tailDifference(state, replayed, from)
  if (differs) report("snapshot-differs", cursor, differs)
}

/** A snapshot that was written while we looked is held against the one before it and the log between the two. */
export async function checkMoved(
  reader: EngineReader,
  conversation: string,
  before: StoredSnapshot,
  report: Report,
): Promise<void> {
  const after = await readSnapshot(reader, conversation, report)
  if (after === undefined || after === "unreadable" || after.seq <= before.seq) return
  const replay = new Replay(before.state)
  try {
    for await (const entry of walkLog(reader.log, conversation, before.cursor, () => {})) {
      if (entry.seq > after.seq) break
      replay.push(Object.assign(JSON.parse(entry.body), { seq: entry.seq }) as LogEvent)
    }
  } catch (error) {
    // A second one may have been written, and the log trimmed past the first.
    if (error instanceof TrimmedUnderUs) return
    throw error
  }
  if (replay.state.seq !== after.seq) return
  const differs = firstDifference(after.state, replay.state)
  if (differs) report("snapshot-differs", after.cursor, differs)
}
