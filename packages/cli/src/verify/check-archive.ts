/**
 * Whether the archive goes on where the snapshot ends: every message that has left it, as it was then, until it expires.
 * (SPEC VER4)
 *
 * Where the log is kept from its beginning that is known message by message; where it is not, by their number.
 */
import type { ArchivedMessage, EngineReader } from "@everthread/engine"
import type { ChatMessage, Seq } from "@everthread/protocol"
import { digestOf } from "./canonical.ts"
import type { Report } from "./finding.ts"
import type { LogFacts } from "./log-facts.ts"
import type { StoredSnapshot } from "./stored-snapshot.ts"

const pageMessages = 200

interface Archive {
  readonly digests: ReadonlyMap<Seq, string>
  readonly count: number
}

/** @returns how many messages are archived. */
export async function checkArchive(
  reader: EngineReader,
  conversation: string,
  snapshot: StoredSnapshot,
  facts: LogFacts,
  report: Report,
): Promise<number> {
  const found: Parameters<Report>[] = []
  const archive = await readArchive(reader, conversation, facts.isWhole, (...finding) => void found.push(finding))
  // A compaction in between has moved both: what was read is of two moments, and the next look sees them as one.
  if ((await reader.log.snapshot(conversation))?.cursor !== snapshot.cursor) return archive.count
  for (const finding of found) report(...finding)
  if (facts.isWhole) checkEach(archive, facts, report)
  else checkCount(archive, snapshot, report)
  return archive.count
}

async function readArchive(
  { log }: EngineReader,
  conversation: string,
  keepsDigests: boolean,
  report: Report,
): Promise<Archive> {
  const digests = new Map<Seq, string>()
  let [after, count] = [0, 0]
  for (;;) {
    const page = await log.archivedAfter(conversation, after, pageMessages)
    for (const archived of page) {
      const digest = readMessage(archived, report)
      if (archived.seq <= after) report("archive-differs", archived.seq, "it is there twice")
      if (keepsDigests && digest !== undefined) digests.set(archived.seq, digest)
      after = archived.seq
    }
    count += page.length
    if (page.length < pageMessages) break
  }
  await checkPagesMeet(log, conversation, after, report)
  return { digests, count }
}

/** The archive is read from both ends: by retention from the oldest, by devices from the newest. */
async function checkPagesMeet(
  log: EngineReader["log"],
  conversation: string,
  last: Seq,
  report: Report,
): Promise<void> {
  const [newest] = await log.archived(conversation, Number.MAX_SAFE_INTEGER, 1)
  if ((newest?.seq ?? 0) < last)
    report("archive-hole", last, `read from the newest, it ends at ${newest?.seq ?? "none"}`)
}

function readMessage({ seq, body }: ArchivedMessage, report: Report): string | undefined {
  try {
    const message = JSON.parse(body) as ChatMessage
    if (message.seq === seq && typeof message.id === "string") return digestOf(message)
    report("archive-differs", seq, "it is the message of another entry")
  } catch (error) {
    report("archive-differs", seq, error instanceof Error ? error.message : String(error))
  }
  return undefined
}

function checkEach({ digests }: Archive, facts: LogFacts, report: Report): void {
  const expected = facts.behind.left()
  for (const [seq, digest] of digests) {
    const known = expected.get(seq)
    if (known !== undefined && known !== digest) report("archive-differs", seq, "its content differs")
  }
  const missing = [...expected.keys()].filter((seq) => !digests.has(seq))
  const [first] = missing
  if (first !== undefined) report("archive-hole", first, `${missing.length} of ${expected.size}`)
}

/** After an expiry the number is an estimate: see `messageCount`. */
function checkCount({ count }: Archive, { state }: StoredSnapshot, report: Report): void {
  const { older, messageCount, messages, expiredUpTo } = state
  const missing = messageCount - messages.length - count
  if (older && expiredUpTo === undefined && missing > 0) report("archive-hole", 1, `${missing} of ${messageCount}`)
}

/** What has expired leaves the archive right after the snapshot says so. (SPEC RET2) */
export async function checkExpired(
  { log }: EngineReader,
  conversation: string,
  { state }: StoredSnapshot,
  report: Report,
): Promise<void> {
  const [oldest] = await log.archivedAfter(conversation, 0, 1)
  const { expiredUpTo = 0 } = state
  if (oldest && oldest.seq <= expiredUpTo) report("archive-expired", oldest.seq, String(expiredUpTo))
}
