/**
 * What a snapshot has to say of the piece of log behind it that is still kept, where the beginning is not. (SPEC VER3)
 *
 * The state from before that piece is stored nowhere. So the snapshot itself is taken for it, without what began in the
 * piece, and with its runs as if they were at work: whatever the piece says of its own messages, it says the same on top
 * of that. Only what is certain is compared: messages and runs that began in the piece and are held for sure. Pure.
 */
import type { ChatMessage, ConversationState, Run, Seq } from "@everthread/protocol"
import { canonical, firstDifference } from "./canonical.ts"

/** @returns what stands in for the state at `seq`. */
export function standIn(snapshot: ConversationState, seq: Seq): ConversationState {
  const { members, title, agent, firstAgent, whenBusy } = snapshot
  const described = { title, agent, firstAgent, whenBusy }
  const known = Object.fromEntries(Object.entries(described).filter(([, value]) => value !== undefined))
  return {
    ...known,
    ...{ seq, members, older: false, wholeFrom: 0, messageCount: 0, interrupts: [], receipts: {} },
    messages: snapshot.messages.filter((message) => message.seq <= seq),
    runs: snapshot.runs.filter((run) => run.seq <= seq).map((run): Run => ({ ...run, status: "running" })),
  }
}

/** @returns what differs, as a path, or `undefined`. @param from where the piece begins. */
export function tailDifference(
  snapshot: ConversationState,
  replayed: ConversationState,
  from: Seq,
): string | undefined {
  const first = Math.max(from, snapshot.wholeFrom - 1, replayed.wholeFrom - 1, snapshot.expiredUpTo ?? 0)
  const known = new Set(replayed.runs.map(({ id }) => id))
  const messages = (state: ConversationState) => state.messages.filter(({ seq }) => seq > first)
  const certain = (message: ChatMessage) => withoutUnknown(message, known)
  return (
    firstDifference(aboutOf(snapshot), aboutOf(replayed)) ??
    firstDifference(messages(snapshot).map(certain), messages(replayed).map(certain), "messages") ??
    runDifference(snapshot, replayed, from)
  )
}

const aboutOf = ({ seq, title, agent, whenBusy, members }: ConversationState) => ({
  seq,
  title,
  agent,
  whenBusy,
  members,
})

/** Which agent speaks is known of the runs that are held. */
function withoutUnknown(message: ChatMessage, runs: ReadonlySet<string>): ChatMessage {
  if (message.run === undefined || runs.has(message.run)) return message
  const { agent: _unknown, ...rest } = message
  return rest
}

/** Of the runs that have ended a few are kept, by their number: which ones differs with what was there before. */
function runDifference(snapshot: ConversationState, replayed: ConversationState, from: Seq): string | undefined {
  const held = new Map(replayed.runs.map((run) => [run.id, run]))
  const bent = snapshot.runs.find((run) => {
    const other = held.get(run.id)
    return run.seq > from && other !== undefined && canonical(run) !== canonical(other)
  })
  return bent && firstDifference(bent, held.get(bent.id), `runs(${bent.id})`)
}
