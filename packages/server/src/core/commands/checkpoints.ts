/** Commands about an agent's checkpoints: list them, look at one, fork a conversation from one. (SPEC HIS1, HIS2) */
import { type ForkOrigin, limits } from "@everthread/protocol"
import type { AgentThread, CheckpointHistory } from "../checkpoint-history.ts"
import { placed, placesInLog } from "../checkpoint-places.ts"
import type { CommandOf, CommandResult } from "../command.ts"
import { done, type Outcome, refused } from "../outcome.ts"
import { stateForMember } from "./access.ts"
import { fork } from "./fork.ts"
import type { CommandContext, HandlersOf } from "./handler.ts"
import { noAgent, noCheckpoint, noHistory, originOf } from "./threads.ts"

/** How many checkpoints a page has where the device does not say. */
const pageDefault = 20

export const checkpointHandlers: HandlersOf<"checkpoints" | "checkpoint" | "fork"> = { checkpoints, checkpoint, fork }

async function checkpoints(
  context: CommandContext,
  command: CommandOf<"checkpoints">,
): Promise<Outcome<CommandResult<"checkpoints">>> {
  const { conversation, before, limit = pageDefault } = command
  const asked = await threadForMember(context, conversation, command.agent)
  if (!asked.ok) return asked
  const { history, thread, origin } = asked.result
  const page = await history.list(thread, { before, oldest: origin?.checkpoint, max: limit })
  const places = await placesInLog(context.core.engine.log, conversation)
  const listed = page.checkpoints.map((entry) => placed(entry, origin, places))
  return done({ conversation, checkpoints: listed, more: page.more })
}

async function checkpoint(
  context: CommandContext,
  command: CommandOf<"checkpoint">,
): Promise<Outcome<CommandResult<"checkpoint">>> {
  const { conversation, checkpoint: id } = command
  const asked = await threadForMember(context, conversation, command.agent)
  if (!asked.ok) return asked
  const { history, thread, origin } = asked.result
  const read = await history.read(thread, id)
  if (!read) return noCheckpoint(id)
  const chars = JSON.stringify(read.values).length
  if (chars > limits.checkpointCharsMax) return tooLarge(chars)
  const places = await placesInLog(context.core.engine.log, conversation)
  return done({ conversation, checkpoint: placed(read.checkpoint, origin, places), values: read.values })
}

interface AskedThread {
  readonly history: CheckpointHistory
  readonly thread: AgentThread
  /** Where it came from, if it came along with a fork. */
  readonly origin: ForkOrigin["thread"]
}

async function threadForMember(
  context: CommandContext,
  conversation: string,
  named: string | undefined,
): Promise<Outcome<AskedThread>> {
  const state = await stateForMember(context, conversation)
  if (!state.ok) return state
  const agent = named ?? state.result.agent
  if (agent === undefined) return noAgent()
  const history = context.core.checkpoints
  if (!history) return noHistory()
  const thread = { conversation, agent, firstAgent: state.result.firstAgent }
  return done({ history, thread, origin: originOf(state.result, agent) })
}

function tooLarge(chars: number) {
  const message = `The state has ${chars} characters of JSON; at most ${limits.checkpointCharsMax} are given out.`
  return refused("limit_reached", { field: "checkpoint", limit: limits.checkpointCharsMax, message })
}
