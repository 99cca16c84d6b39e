/** Makes a conversation that begins as this one was, and goes there. */
import { useTexts } from "../hooks/use-texts.ts"
import { readCopied } from "../model/copied-read.ts"
import { titleOf } from "../model/list-entry.ts"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"

/** @returns forks at what its argument comes to: a checkpoint, or, where there is none, tells why not. */
export function useFork(): (point: Promise<string | undefined>, agent: string | undefined) => void {
  const { message } = useTexts()
  const { account, client, notices, go } = useWorkspace()
  const { conversation } = useChat()
  return (point, agent) => {
    const make = async () => {
      const checkpoint = await point
      if (checkpoint === undefined) return notices.tell(message.noFork)
      const { title, members } = conversation.snapshot().state
      const name = message.forkOf(titleOf(conversation.id, title, Object.keys(members), account.user))
      const named = agent === undefined ? {} : { agent }
      const fork = await conversation.fork({ checkpoint, title: name.slice(0, titleCharsMax), ...named })
      // What is not noted as read is marked as new, and that is all.
      await readCopied(client.conversation(fork.conversation), account.user).catch(() => {})
      go(fork.conversation)
    }
    notices.watch(make())
  }
}

const titleCharsMax = 200
