/**
 * Looks at many conversations, one after the other, and again at those where something was found. (SPEC VER1)
 *
 * The deployment is live: what two ports say is of two moments, and a difference may be what happened in between. So only
 * what two looks have found, some time apart and each with nothing known from the other, is a finding.
 *
 * What waits to be looked at again, and what is found, is bounded; beyond that findings are counted.
 */
import type { Clock, Random } from "@everthread/protocol"
import { type Choice, chosen } from "./chosen.ts"
import { type Finding, identityOf } from "./finding.ts"
import { type Looked, type LookParts, look } from "./look.ts"
import { OpenRuns } from "./open-runs.ts"
import type { OpenedReader } from "./opened-reader.ts"
import { UserLists } from "./user-lists.ts"

export interface Surveyed {
  conversations: number
  entries: number
  archived: number
  checkpoints: number
  /** In the order in which they were found, the first of them. */
  readonly findings: Finding[]
  /** Found beyond those. */
  more: number
}

export interface SurveyParts {
  readonly opened: OpenedReader
  readonly clock: Clock
  readonly random: Random
  /** Told after each conversation. */
  readonly progress: (surveyed: Surveyed, suspects: number) => void
}

const suspectsMax = 200
const findingsMax = 1_000
/** Between two looks at a conversation: longer than any step of a server's work that is not one step of the store. */
const againMs = 2_500

/** @throws EngineError when the store does not answer. */
export async function survey(parts: SurveyParts, choice: Choice): Promise<Surveyed> {
  const { opened, clock, random, progress } = parts
  const surveyed: Surveyed = { conversations: 0, entries: 0, archived: 0, checkpoints: 0, findings: [], more: 0 }
  const suspects = new Map<string, ReadonlySet<string>>()
  const known = partsOfLook(opened, clock)
  for await (const conversation of chosen(opened.reader, choice, random)) {
    count(surveyed, await lookFirst(known, conversation, suspects))
    progress(surveyed, suspects.size)
    if (suspects.size >= suspectsMax) await lookAgain(parts, suspects, surveyed)
  }
  if (choice.named.length === 0) await lookAtStrayRuns(known, suspects)
  await lookAgain(parts, suspects, surveyed)
  // What was found on the way, in the other conversations of a member.
  return choice.named.length === 0 ? surveyed : { ...surveyed, findings: surveyed.findings.filter(isNamed(choice)) }
}

const isNamed =
  ({ named }: Choice) =>
  ({ conversation }: Finding): boolean =>
    named.includes(conversation)

const partsOfLook = (opened: OpenedReader, clock: Clock): LookParts => ({
  opened,
  lists: new UserLists(opened.reader),
  openRuns: new OpenRuns(opened.reader, clock),
})

function count(surveyed: Surveyed, { entries, archived, checkpoints }: Looked): void {
  surveyed.conversations += 1
  surveyed.entries += entries
  surveyed.archived += archived
  surveyed.checkpoints += checkpoints
}

async function lookFirst(
  parts: LookParts,
  conversation: string,
  suspects: Map<string, ReadonlySet<string>>,
): Promise<Looked> {
  const looked = await look(parts, conversation)
  if (looked.findings.length > 0) suspects.set(conversation, new Set(looked.findings.map(identityOf)))
  return looked
}

/** Open runs of conversations that have no log are found in no conversation. */
async function lookAtStrayRuns(parts: LookParts, suspects: Map<string, ReadonlySet<string>>): Promise<void> {
  for (const conversation of await parts.openRuns.conversations()) {
    const isStray = (await parts.opened.reader.log.head(conversation)) === undefined
    if (isStray) await lookFirst(parts, conversation, suspects)
  }
}

async function lookAgain(
  { opened, clock }: SurveyParts,
  suspects: Map<string, ReadonlySet<string>>,
  surveyed: Surveyed,
): Promise<void> {
  if (suspects.size === 0) return
  await new Promise<void>((resolve) => void clock.startTimer(againMs, resolve))
  const parts = partsOfLook(opened, clock)
  for (const [conversation, before] of suspects) {
    const { findings } = await look(parts, conversation)
    for (const finding of findings) if (before.has(identityOf(finding))) keep(surveyed, finding)
  }
  suspects.clear()
}

function keep(surveyed: Surveyed, finding: Finding): void {
  const identity = identityOf(finding)
  if (surveyed.findings.some((known) => identityOf(known) === identity)) return
  if (surveyed.findings.length < findingsMax) surveyed.findings.push(finding)
  else surveyed.more += 1
}
