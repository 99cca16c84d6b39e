/** One message: who, when, what, what others think of it, and what can be done with it. */
import type { ChatMessage } from "@everthread/protocol"
import { memo } from "react"
import { useLanguage, useTexts } from "../hooks/use-texts.ts"
import { clockText, fullText } from "../model/times.ts"
import { isOwn } from "../model/unread.ts"
import { authorOf } from "../model/who.ts"
import { Avatar } from "../ui/avatar.tsx"
import { Icon } from "../ui/icon.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { MessageBody } from "./message-body.tsx"
import { MessageMenu } from "./message-menu.tsx"
import { Reactions } from "./reactions.tsx"
import { RepliedTo } from "./replied-to.tsx"

interface MessageRowProps {
  readonly message: ChatMessage
  readonly isFirst: boolean
  /** The message that this one answers; `null`: it is not here. */
  readonly replied?: ChatMessage | null
  /** The question that an agent's message answers, where that stands elsewhere. */
  readonly answers?: ChatMessage
  readonly isQueued?: boolean
  readonly seenBy?: string
}

/** A message is the same object until something about it changes, so the others are not drawn again when one grows. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, isFirst, replied, answers, isQueued = false, seenBy = "" } = props
  const texts = useTexts()
  const { account } = useWorkspace()
  const own = isOwn(message, account.user)
  const author = authorOf(message)
  const name = author.name ?? texts.chat.assistant
  const bubble = own ? "rounded-2xl rounded-br-md bg-own px-3.5 py-2 border border-edge" : "w-full"
  return (
    <article
      aria-label={name}
      className={`group flex gap-2.5 ${isFirst ? "mt-4" : "mt-1"} ${own ? "justify-end" : ""}`}
    >
      {!own && <div className="w-8 shrink-0">{isFirst && <Avatar name={name} kind={author.kind} />}</div>}
      <div className={`flex min-w-0 flex-col ${own ? "max-w-full items-end md:max-w-[85%]" : "flex-1"}`}>
        {isFirst && <Head message={message} name={own ? undefined : name} />}
        {replied !== undefined && <RepliedTo message={replied} />}
        {answers && <RepliedTo message={answers} words={texts.chat.answers} />}
        <div className={`flex max-w-full items-start gap-1 ${own ? "flex-row-reverse" : ""}`}>
          <div className={`min-w-0 ${bubble}`}>
            <MessageBody message={message} />
          </div>
          {message.redacted !== true && <MessageMenu message={message} isOwn={own} />}
        </div>
        <Reactions message={message} />
        {isQueued && <Queued />}
        {seenBy !== "" && <p className="mt-0.5 text-xs text-faint">{texts.chat.seenBy(seenBy)}</p>}
      </div>
    </article>
  )
})

function Queued() {
  const { run } = useTexts()
  return (
    <p className="mt-0.5 flex items-center gap-1 text-xs text-faint">
      <Icon name="clock" className="size-3.5" />
      {run.inQueue}
    </p>
  )
}

function Head({ message, name }: { readonly message: ChatMessage; readonly name: string | undefined }) {
  const language = useLanguage()
  return (
    <div className="mb-0.5 flex items-baseline gap-2 text-sm">
      {name !== undefined && <span className="font-semibold">{name}</span>}
      <time
        dateTime={new Date(message.time).toISOString()}
        title={fullText(message.time, language)}
        className="text-xs text-faint"
      >
        {clockText(message.time, language)}
      </time>
    </div>
  )
}
