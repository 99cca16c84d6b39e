/** What can be done with a message. */
import { Menu as BaseMenu } from "@base-ui/react/menu"
import type { ChatMessage } from "@everthread/protocol"
import type { ReactElement } from "react"
import { useTexts } from "../hooks/use-texts.ts"
import { runsToAnswerAnew } from "../model/answers-anew.ts"
import { forkPoint } from "../model/fork-point.ts"
import { plainText } from "../model/who.ts"
import { copyText } from "../platform/copy-text.ts"
import { Menu, MenuItem, MenuLine } from "../ui/menu.tsx"
import { useWorkspace } from "../ui/workspace.ts"
import { useChat } from "./chat-context.ts"
import { useFork } from "./use-fork.ts"

const reactions = ["👍", "❤️", "😂", "🎉", "👀", "✅"] as const

interface MessageChoicesProps {
  readonly trigger: ReactElement
  readonly message: ChatMessage
  readonly isOwn: boolean
}

export default function MessageChoices({ trigger, message, isOwn }: MessageChoicesProps) {
  const { message: texts } = useTexts()
  const { account, notices } = useWorkspace()
  const { conversation, writeAbout, answerAnew } = useChat()
  const fork = useFork()
  const anew = runsToAnswerAnew(conversation.snapshot().state, account.user).find(({ id }) => id === message.run)
  return (
    <Menu trigger={trigger}>
      <ReactionRow message={message} />
      <MenuLine />
      <MenuItem icon="reply" act={() => writeAbout({ kind: "reply", message })}>
        {texts.reply}
      </MenuItem>
      <MenuItem icon="copy" act={() => notices.watch(copyText(plainText(message)))}>
        {texts.copy}
      </MenuItem>
      {anew && (
        <MenuItem icon="retry" act={() => answerAnew(anew.id)}>
          {texts.anew}
        </MenuItem>
      )}
      {message.run !== undefined && message.status !== "streaming" && (
        <MenuItem icon="fork" act={() => fork(forkPoint(conversation, message), message.agent)}>
          {texts.fork}
        </MenuItem>
      )}
      {isOwn && (
        <>
          <MenuItem icon="edit" act={() => writeAbout({ kind: "edit", message })}>
            {texts.edit}
          </MenuItem>
          <MenuItem icon="trash" isDangerous act={() => notices.watch(conversation.redact(message.id))}>
            {texts.delete}
          </MenuItem>
        </>
      )}
    </Menu>
  )
}

function ReactionRow({ message }: { readonly message: ChatMessage }) {
  const { message: texts } = useTexts()
  const { account, notices } = useWorkspace()
  const { conversation } = useChat()
  return (
    <BaseMenu.Group aria-label={texts.react} className="flex">
      {reactions.map((reaction) => {
        const isMine = message.reactions?.[reaction]?.includes(account.user) ?? false
        return (
          <BaseMenu.Item
            key={reaction}
            aria-label={texts.reactWith(reaction)}
            className="flex size-9 items-center justify-center rounded-lg text-lg outline-none data-highlighted:bg-tint"
            onClick={() => notices.watch(conversation.react(message.id, reaction, !isMine))}
          >
            {reaction}
          </BaseMenu.Item>
        )
      })}
    </BaseMenu.Group>
  )
}
