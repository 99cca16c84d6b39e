/** Says above the field that what is written is a reply or an edit, and takes that back. */
import { useTexts } from "../hooks/use-texts.ts"
import { authorOf, plainText } from "../model/who.ts"
import { IconButton } from "../ui/button.tsx"
import { Icon } from "../ui/icon.tsx"
import { type About, useChat } from "./chat-context.ts"

export function AboutChip({ about }: { readonly about: About | undefined }) {
  const texts = useTexts()
  const { writeAbout } = useChat()
  if (!about) return null
  const { kind, message } = about
  const name = authorOf(message).name ?? texts.chat.assistant
  return (
    <div className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-3 text-xs text-faint">
      <Icon name={kind} className="size-4" />
      <p className="min-w-0 flex-1 truncate">
        <span className="font-medium text-ink">
          {kind === "edit" ? texts.compose.editing : texts.compose.replying(name)}
        </span>{" "}
        {kind === "reply" && plainText(message)}
      </p>
      <IconButton icon="close" label={texts.cancel} isSmall onClick={() => writeAbout(undefined)} />
    </div>
  )
}
