/**
 * One walk through a log, from where it begins to its head, in pages: every entry that is there, and what is wrong with
 * the chain. Bounded in memory by one page. (SPEC VER2)
 */
import { EngineError, type Entry, type LogReader, pageMax, type ReadResult } from "@everthread/engine"
import { type Cursor, cursorPattern, seqOf } from "@everthread/protocol"
import type { Report } from "./finding.ts"

/** The log was trimmed past the place where the walk was: it has to begin anew. */
export class TrimmedUnderUs extends Error {
  override readonly name = "TrimmedUnderUs"
}

/** @param from the cursor behind which entries are kept. */
export async function* walkLog(
  log: LogReader,
  conversation: string,
  from: Cursor,
  report: Report,
): AsyncGenerator<Entry> {
  for (let after = from; ; ) {
    const page = await readFrom(log, conversation, after, report)
    if (page?.status === "trimmed") throw new TrimmedUnderUs()
    if (page?.status !== "tail") return
    yield* inOrder(page.entries, after, report)
    after = page.entries.at(-1)?.cursor ?? after
    if (page.entries.length === 0 || !page.more) return endedAt(after, page.head, report)
  }
}

async function readFrom(
  log: LogReader,
  conversation: string,
  after: Cursor,
  report: Report,
): Promise<ReadResult | undefined> {
  try {
    const page = await log.read(conversation, after, pageMax)
    if (page.status === "diverged")
      report("log-hole", seqOf(after), `a log that ends at ${page.head} and has no ${after}`)
    return page
  } catch (error) {
    // An engine that finds a hole by itself says so in words; that the store does not answer is another matter.
    if (error instanceof EngineError || !(error instanceof Error)) throw error
    report("log-hole", seqOf(after) + 1, error.message)
    return undefined
  }
}

function* inOrder(entries: readonly Entry[], after: Cursor, report: Report): Generator<Entry> {
  let last = seqOf(after)
  for (const entry of entries) {
    const isPlace = cursorPattern.test(entry.cursor) && seqOf(entry.cursor) === entry.seq
    if (!isPlace || entry.seq !== last + 1) report("log-hole", last + 1, entry.cursor)
    last = entry.seq
    yield entry
  }
}

function endedAt(last: Cursor, head: Cursor, report: Report): void {
  if (last !== head) report("log-head", head, last)
}
