/**
 * Whether the log and the agents' threads name each other's checkpoints: what the log names is in the store, and the
 * newest of each thread is named by the log. (SPEC VER5, RUN8)
 *
 * The newest checkpoints are looked at, because reading one means reading a graph's whole state. What is older than
 * those, or was pruned, is not missed.
 */
import { type ThreadSaver, threadOf } from "@everthread/agent"
import { EngineError } from "@everthread/engine"
import type { ConversationState } from "@everthread/protocol"
import type { Report } from "./finding.ts"
import type { LogFacts, NamedCheckpoint } from "./log-facts.ts"

/** For each thread. */
const checkpointsMax = 16

export interface CheckpointsCheck {
  readonly saver: () => Promise<Pick<ThreadSaver, "list">>
  readonly conversation: string
  /** At the head. */
  readonly state: ConversationState
  readonly facts: LogFacts
  /** Since when a checkpoint cannot have expired, in milliseconds since 1970. */
  readonly keptSince: number
  /** Old ones may have been pruned. */
  readonly arePruned: boolean
  readonly report: Report
}

/** @returns how many checkpoints were read. */
export async function checkCheckpoints(check: CheckpointsCheck): Promise<number> {
  const threads = namedByThread(check)
  let count = 0
  for (const [thread, named] of threads) {
    const stored = await storedIn(check, thread)
    count += stored?.length ?? 0
    if (stored) compare(check, thread, named, stored)
  }
  return count
}

/** The threads of all agents that are known to have run here, each with what the log names of it, oldest first. */
function namedByThread({ conversation, state, facts }: CheckpointsCheck): Map<string, NamedCheckpoint[]> {
  const agents = new Map([...state.runs.map(({ id, agent }) => [id, agent] as const), ...facts.agents])
  const threads = new Map<string, NamedCheckpoint[]>()
  const idOf = (agent: string) => threadOf(conversation, agent, state.firstAgent)
  if (state.firstAgent !== undefined) threads.set(idOf(state.firstAgent), [])
  for (const agent of agents.values()) threads.set(idOf(agent), [])
  for (const named of facts.named) {
    const agent = agents.get(named.run)
    if (agent !== undefined) threads.get(idOf(agent))?.push(named)
  }
  return threads
}

async function storedIn({ saver, report }: CheckpointsCheck, thread: string): Promise<string[] | undefined> {
  const ids: string[] = []
  try {
    const place = { configurable: { thread_id: thread, checkpoint_ns: "" } }
    for await (const { checkpoint } of (await saver()).list(place, { limit: checkpointsMax })) ids.push(checkpoint.id)
    return ids
  } catch (error) {
    if (error instanceof EngineError || !(error instanceof Error)) throw error
    report("checkpoint-unreadable", thread, error.message)
    return undefined
  }
}

function compare(
  check: CheckpointsCheck,
  thread: string,
  named: readonly NamedCheckpoint[],
  stored: readonly string[],
): void {
  const { state, facts, report, arePruned, keptSince } = check
  const held = new Set(stored)
  // In the log's order, not by their ids: those begin with the clock of whoever made them.
  const oldest = named.findIndex(({ checkpoint }) => checkpoint === stored.at(-1))
  const isAll = !arePruned && stored.length < checkpointsMax
  const expected = named.slice(isAll ? 0 : Math.max(0, oldest)).filter(({ time }) => time >= keptSince)
  for (const { checkpoint } of expected.slice(-checkpointsMax)) {
    if (!held.has(checkpoint)) report("checkpoint-missing", checkpoint, thread)
  }
  const [newest] = stored
  const places = new Set([...named.map(({ checkpoint }) => checkpoint), ...elsewhere(state)])
  // Where the log was trimmed and says nothing of this thread, it may have named it before.
  const isTold = facts.isWhole || named.length > 0
  if (newest !== undefined && isTold && !places.has(newest)) report("checkpoint-unnamed", newest, thread)
}

/** What the log has named and may not hold any more: each run's newest checkpoint, and what a fork began at. */
function elsewhere({ runs, from }: ConversationState): string[] {
  const ofRuns = runs.map(({ checkpoint }) => checkpoint)
  return [...ofRuns, from?.thread?.checkpoint].filter((checkpoint) => checkpoint !== undefined)
}
