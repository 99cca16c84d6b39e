/**
 * Forking: a new conversation that begins as this one was at a checkpoint, or as it is now. (SPEC HIS3, HIS4)
 *
 * The agent's thread is copied first and the conversation made last, in one step with its messages: where a node dies in
 * between, nobody sees half a fork, and a repeat finds the copy and goes on from it. A thread that is left over then does
 * no harm.
 */
import type { ChatMessage, CheckpointEntry, ConversationState, ForkOrigin, Seq, Stored } from "@everthread/protocol"
import { keyReused, notMember, outcomeOfRepeat } from "../append.ts"
import { placeByTime, placed, placesInLog } from "../checkpoint-places.ts"
import type { CommandOf } from "../command.ts"
import type { Core } from "../core.ts"
import { forkMessages, lastSeen } from "../fork-messages.ts"
import { createConversation, firstMembers, madeUpId, type NewConversation } from "../new-conversation.ts"
import { done, type Outcome, refused } from "../outcome.ts"
import { stateForMember, stateOf } from "./access.ts"
import type { CommandContext, StoredOutcome } from "./handler.ts"
import { noAgent, noCheckpoint, noHistory, originOf } from "./threads.ts"
import { tooManyMade } from "./too-many.ts"

type Fork = CommandOf<"fork">

/** The thread that comes along: whose it is, and where it stands. */
interface CopiedThread {
  readonly agent: string
  readonly point: CheckpointEntry
}

export async function fork(context: CommandContext, command: Fork): StoredOutcome {
  const { core, actor } = context
  const conversation = madeUpId(actor, command.key)
  // First of all: by now the checkpoint may be gone, and the fork has gone its own way. (SPEC ACK3)
  const repeat = await outcomeOfRepeat(core, actor, command, conversation)
  if (repeat) return repeat
  const before = await stateForMember(context, command.conversation)
  if (!before.ok) return before
  const limited = await tooManyMade(context)
  if (limited) return limited
  // A conversation that is there has a thread of its own, or will have: nothing is copied into it.
  if (await core.engine.log.head(conversation))
    return (await outcomeOfRepeat(core, actor, command, conversation)) ?? keyReused(command.key)
  const copied = await copyThread(context, command, before.result, conversation)
  if (!copied.ok) return copied
  const state = await freshState(core, command.conversation)
  // Copying may have waited for others, and of what is stored after a removal nothing is given out. (SPEC CON5)
  if (!state || !Object.hasOwn(state.members, actor.user)) return notMember(command.conversation)
  const made = { ...(await newFork(context, command, state, copied.result)), conversation }
  const created = await createConversation(core, actor, made, command)
  if (created.status === "exists") return keyReused(command.key)
  const { cursor, seq } = created
  return done<Stored>({ conversation, cursor, seq, duplicate: created.status === "duplicate" })
}

/** @param made the conversation that it comes along into. */
async function copyThread(
  { core, actor }: CommandContext,
  command: Fork,
  state: ConversationState,
  made: string,
): Promise<Outcome<CopiedThread | undefined>> {
  const { conversation, checkpoint, agent = state.agent } = command
  if (agent === undefined) return checkpoint === undefined ? done(undefined) : noAgent()
  const origin = originOf(state, agent)
  if (origin && checkpoint !== undefined && checkpoint < origin.checkpoint) return cameAlong(state)
  if (!core.checkpoints) return noHistory()
  const thread = { conversation, agent, firstAgent: state.firstAgent }
  const into = { conversation: made, agent, firstAgent: state.agent }
  const point = await core.checkpoints.copy(thread, into, checkpoint)
  if (!point) return checkpoint === undefined ? done(undefined) : noCheckpoint(checkpoint)
  if (checkpoint === undefined || point.checkpoint === checkpoint) return done({ agent, point })
  // The copy is of another request of this key, or another node has just answered this very one.
  const repeat = await outcomeOfRepeat(core, actor, command, made)
  return repeat && !repeat.ok ? repeat : keyReused(command.key)
}

/** With everything that was stored before the thread was copied. */
async function freshState(core: Core, conversation: string): Promise<ConversationState | undefined> {
  await (await core.hub.feed(conversation))?.check()
  return stateOf(core, conversation)
}

async function newFork(
  { core, actor }: CommandContext,
  command: Fork,
  state: ConversationState,
  copied: CopiedThread | undefined,
): Promise<Omit<NewConversation, "conversation">> {
  const { conversation, title = state.title, members } = command
  const seq = command.checkpoint === undefined || !copied ? state.seq : await placeOf(core, command, state, copied)
  const messages = await forkMessages(core, conversation, seq)
  const thread = copied && threadIn(messages, firstMembers(actor, members).length, state, copied)
  const from = { conversation, seq, ...(thread ? { thread } : {}) }
  return { title, agent: state.agent, whenBusy: state.whenBusy, members, from, copied: messages }
}

/** @returns the checkpoint's place in the log that is forked. */
async function placeOf(
  core: Core,
  { conversation }: Fork,
  state: ConversationState,
  copied: CopiedThread,
): Promise<Seq> {
  const places = await placesInLog(core.engine.log, conversation)
  const { seq } = placed(copied.point, originOf(state, copied.agent), places)
  return seq ?? placeByTime(core, conversation, state, copied.point)
}

/** The fork's log begins with its creation and its members; each message comes to the next place. */
function threadIn(
  messages: readonly ChatMessage[],
  members: number,
  state: ConversationState,
  { agent, point }: CopiedThread,
): ForkOrigin["thread"] {
  const before = 1 + members
  const seen = lastSeen(state, messages, agent, point)
  return {
    agent,
    checkpoint: point.checkpoint,
    seen: seen ? before + messages.indexOf(seen) + 1 : 0,
    upTo: before + messages.length,
  }
}

function cameAlong({ from }: ConversationState) {
  const message = `This checkpoint came along when ${JSON.stringify(from?.conversation)} was forked, and belongs to that conversation.`
  return refused("not_found", { field: "checkpoint", message })
}
