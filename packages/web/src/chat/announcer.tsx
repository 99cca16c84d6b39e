/** Says to those who hear the page what others have said, once each, when it is whole: not word by word. */
import type { ChatMessage } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { isOwn } from "../model/unread.ts"
import { authorOf, plainText } from "../model/who.ts"

interface AnnouncerProps {
  readonly messages: readonly ChatMessage[]
  readonly user: string
}

export function Announcer({ messages, user }: AnnouncerProps) {
  const { chat } = useTexts()
  const last = messages.findLast((message) => message.status !== "streaming" && !isOwn(message, user))
  return (
    <p aria-live="polite" className="sr-only">
      {last && `${authorOf(last).name ?? chat.assistant}: ${plainText(last)}`}
    </p>
  )
}
