/** Who reacted to a message with what; one's own is taken back by the same button. */
import type { ChatMessage } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"

export function Reactions({ message }: { readonly message: ChatMessage }) {
  const { chat } = useTexts()
  const { account, notices } = useWorkspace()
  const { conversation } = useChat()
  const given = Object.entries(message.reactions ?? {})
  if (given.length === 0) return null
  return (
    <div className="mt-1 flex flex-wrap gap-1">
      {given.map(([reaction, users]) => {
        const isMine = users.includes(account.user)
        return (
          <button
            key={reaction}
            type="button"
            aria-pressed={isMine}
            aria-label={chat.reactedBy(reaction, users.join(", "))}
            title={users.join(", ")}
            className={`flex min-h-7 items-center gap-1 rounded-full border px-2 text-sm ${isMine ? "border-accent bg-tint" : "border-line bg-raised"}`}
            onClick={() => notices.watch(conversation.react(message.id, reaction, !isMine))}
          >
            {reaction}
            <span className="text-xs tabular-nums">{users.length}</span>
          </button>
        )
      })}
    </div>
  )
}
