/** Where a fork begins that is to end with an agent's answer: at the last checkpoint of the run that gave it. */
import type { Conversation } from "@everthread/client"
import { type ChatMessage, isOpen } from "@everthread/protocol"

const pageMax = 100

type Forked = Pick<Conversation, "snapshot" | "checkpoints">

/**
 * @returns the checkpoint; `undefined`: it is not kept any more, or the run has not come so far.
 */
export async function forkPoint(conversation: Forked, message: ChatMessage): Promise<string | undefined> {
  const { runs } = conversation.snapshot().state
  const known = runs.find(({ id }) => id === message.run)
  if (known) return isOpen(known) ? undefined : known.checkpoint
  const agent = message.agent === undefined ? {} : { agent: message.agent }
  for (let before: string | undefined; ; ) {
    const from = before === undefined ? {} : { before }
    const { checkpoints, more } = await conversation.checkpoints({ ...agent, ...from, limit: pageMax })
    const found = checkpoints.find(({ run }) => run === message.run)
    if (found || !more) return found?.checkpoint
    before = checkpoints.at(-1)?.checkpoint
  }
}
