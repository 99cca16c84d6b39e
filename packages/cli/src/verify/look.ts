/**
 * One look at one conversation: everything that is checked, while others write.
 *
 * The order keeps most of what happens meanwhile from looking like damage: the snapshot is read before the log, so that
 * the log reaches past it, and what the log is compared with after it. What is left is found by looking again: see
 * survey.ts.
 */
import { EngineError } from "@everthread/engine"
import { startCursor } from "@everthread/protocol"
import { checkArchive, checkExpired } from "./check-archive.ts"
import { checkCheckpoints } from "./check-checkpoints.ts"
import { checkKeys } from "./check-keys.ts"
import { checkMembers } from "./check-members.ts"
import { checkRuns } from "./check-runs.ts"
import { checkMoved, checkSnapshot } from "./check-snapshot.ts"
import type { Finding, Report } from "./finding.ts"
import { LogFacts } from "./log-facts.ts"
import type { OpenRuns } from "./open-runs.ts"
import type { OpenedReader } from "./opened-reader.ts"
import { readSnapshot, type StoredSnapshot } from "./stored-snapshot.ts"
import type { UserLists } from "./user-lists.ts"
import { TrimmedUnderUs, walkLog } from "./walk-log.ts"

export interface LookParts {
  readonly opened: OpenedReader
  readonly lists: UserLists
  readonly openRuns: OpenRuns
}

export interface Looked {
  readonly findings: readonly Finding[]
  readonly entries: number
  readonly archived: number
  readonly checkpoints: number
}

/** A log that is trimmed past where we are is begun anew; after as many times nothing is said of it. */
const triesMax = 4

/** @throws EngineError when the store does not answer. */
export async function look(parts: LookParts, conversation: string): Promise<Looked> {
  for (let tries = 0; tries < triesMax; tries++) {
    try {
      return await lookOnce(parts, conversation)
    } catch (error) {
      if (!(error instanceof TrimmedUnderUs)) return unreadable(conversation, error)
    }
  }
  return nothing
}

const nothing: Looked = { findings: [], entries: 0, archived: 0, checkpoints: 0 }

/** One conversation in which something stands that nobody foresaw keeps none of the others from being looked at. */
function unreadable(conversation: string, error: unknown): Looked {
  if (error instanceof EngineError || !(error instanceof Error)) throw error
  return { ...nothing, findings: [{ kind: "conversation-unreadable", conversation, at: "", saw: error.message }] }
}

async function lookOnce(parts: LookParts, conversation: string): Promise<Looked> {
  const findings: Finding[] = []
  const report: Report = (kind, at, saw = "") => void findings.push({ kind, conversation, at: String(at), saw })
  const { reader } = parts.opened
  const snapshot = await readSnapshot(reader, conversation, report)
  const keptAfter = await reader.log.keptAfter(conversation)
  if (keptAfter === undefined) {
    report("conversation-empty", "")
    checkRuns(undefined, await parts.openRuns.of(conversation), report)
    return { ...nothing, findings }
  }
  const stored = snapshot === "unreadable" ? undefined : snapshot
  if (keptAfter !== startCursor && snapshot === undefined) report("snapshot-missing", keptAfter)
  const { facts, isUnbroken } = await readFacts(parts, conversation, keptAfter, stored, report)
  const known = { ...parts, conversation, facts, snapshot: stored, report, findings }
  if (isUnbroken && stored) checkSnapshot(stored, facts, keptAfter, report)
  const archived = stored ? await checkStored(known, stored, isUnbroken) : 0
  await checkKeys(reader, conversation, facts.keyed, report)
  // Without the whole of it nobody can say what the conversation is now.
  const isKnown = isUnbroken && (stored !== undefined || (snapshot === undefined && facts.isWhole))
  const checkpoints = isKnown ? await checkBeside(known) : 0
  return { findings, entries: facts.entries, archived, checkpoints }
}

interface Known extends LookParts {
  readonly conversation: string
  readonly facts: LogFacts
  readonly report: Report
  readonly findings: Finding[]
}

async function readFacts(
  { opened }: LookParts,
  conversation: string,
  keptAfter: string,
  snapshot: StoredSnapshot | undefined,
  report: Report,
): Promise<{ facts: LogFacts; isUnbroken: boolean }> {
  let isUnbroken = true
  const broken: Report = (...finding) => {
    isUnbroken &&= finding[0] === "log-taken-back"
    report(...finding)
  }
  const facts = new LogFacts(keptAfter, snapshot, broken)
  for await (const entry of walkLog(opened.reader.log, conversation, keptAfter, broken)) facts.take(entry)
  return { facts, isUnbroken }
}

/** @returns how many messages are archived. */
async function checkStored(known: Known, snapshot: StoredSnapshot, isUnbroken: boolean): Promise<number> {
  const { opened, conversation, facts, report } = known
  if (isUnbroken) await checkMoved(opened.reader, conversation, snapshot, report)
  await checkExpired(opened.reader, conversation, snapshot, report)
  return isUnbroken ? checkArchive(opened.reader, conversation, snapshot, facts, report) : 0
}

/** What stands beside the log. @returns how many checkpoints were read. */
async function checkBeside({ opened, lists, openRuns, conversation, facts, report, findings }: Known): Promise<number> {
  const { state } = facts.current
  const { reader } = opened
  const found = (finding: Finding) => void findings.push(finding)
  checkRuns(state, await openRuns.of(conversation), report)
  await checkMembers({ reader, lists, conversation, state, removed: facts.removed, report, found })
  return checkCheckpoints({ ...opened.checkpoints(), conversation, state, facts, report })
}
