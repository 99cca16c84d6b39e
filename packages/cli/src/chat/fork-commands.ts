/** What can be typed about checkpoints: which there are, and to go on from one in a conversation of its own. */
import type { ChatCommand, CommandContext } from "./commands.ts"

type ForkCommand = "checkpoints" | "fork"

const listedDefault = 10

export const forkCommands: { readonly [N in ForkCommand]: ChatCommand } = {
  checkpoints: { takes: "[n]", run: showCheckpoints },
  fork: { takes: "[ID]", run: fork },
}

/** Whose thread it is about: whom this terminal speaks to, where that was said. */
const of = ({ agent }: CommandContext) => (agent === undefined ? {} : { agent })

async function showCheckpoints(context: CommandContext, argument: string): Promise<void> {
  const { conversation, texts, say } = context
  const limit = Number.parseInt(argument, 10) || listedDefault
  const { checkpoints } = await conversation.checkpoints({ limit, ...of(context) })
  for (const { checkpoint, seq, step, next } of checkpoints.toReversed()) {
    say(`[${seq ?? "-"}] ${checkpoint} ${texts.checkpoint(step, next)}`)
  }
  if (checkpoints.length === 0) say(texts.noCheckpoints)
}

async function fork(context: CommandContext, checkpoint: string): Promise<void> {
  const { conversation, texts, say, commandFor } = context
  const forked = await conversation.fork({ ...of(context), ...(checkpoint === "" ? {} : { checkpoint }) })
  say(texts.forked(commandFor(forked.conversation)))
}
