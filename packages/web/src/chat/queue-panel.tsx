/** What waits for the agent in this conversation, the next one first; anybody may take one out or put it in front. */
import type { ChatMessage, Run } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { Button, IconButton } from "../ui/button.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"

interface QueuePanelProps {
  readonly runs: readonly Run[]
  readonly messages: readonly ChatMessage[]
}

export function QueuePanel({ runs, messages }: QueuePanelProps) {
  const { run: texts } = useTexts()
  return (
    <ol aria-label={texts.queue} className="max-h-48 overflow-y-auto border-t border-line px-3 py-1">
      {runs.map((run, index) => (
        <Entry
          key={run.id}
          run={run}
          isNext={index === 0}
          text={messages.find(({ id }) => id === run.message)?.text ?? ""}
        />
      ))}
    </ol>
  )
}

interface EntryProps {
  readonly run: Run
  readonly isNext: boolean
  readonly text: string
}

function Entry({ run, isNext, text }: EntryProps) {
  const { run: texts } = useTexts()
  const { notices } = useWorkspace()
  const { conversation } = useChat()
  return (
    <li className="flex items-center gap-2 py-0.5">
      <p className="min-w-0 flex-1 truncate">
        <span className="mr-1.5 font-medium">{run.by.user}</span> <span className="text-faint">{text}</span>
      </p>
      {!isNext && (
        <Button title={texts.promoteEntry} onClick={() => notices.watch(conversation.promote(run.id))}>
          {texts.promote}
        </Button>
      )}
      <IconButton icon="close" label={texts.cancelEntry} onClick={() => notices.watch(conversation.cancel(run.id))} />
    </li>
  )
}
