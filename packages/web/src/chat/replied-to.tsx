/** The beginning of the message that another one answers. */
import type { ChatMessage } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { authorOf, plainText } from "../model/who.ts"
import { Icon } from "../ui/icon.tsx"

interface RepliedToProps {
  /** `null`: it is not here. */
  readonly message: ChatMessage | null
  /** What it is to the other one; without it, its author says enough. */
  readonly words?: string
}

export function RepliedTo({ message, words }: RepliedToProps) {
  const { chat } = useTexts()
  const text = message === null ? chat.unknownReply : message.redacted ? chat.redacted : plainText(message)
  return (
    <p className="mb-1 flex max-w-full min-w-0 items-center gap-1.5 text-xs text-faint">
      <Icon name="reply" className="size-3.5" />
      {message !== null && (
        <span className="shrink-0 font-medium">{words ?? authorOf(message).name ?? chat.assistant}</span>
      )}
      <span className="truncate">{text}</span>
    </p>
  )
}
