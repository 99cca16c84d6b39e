/** The button of what can be done with a message: it is there for every hand, mouse, touch and keyboard. */
import type { ChatMessage } from "@everthread/protocol"
import { useTexts } from "../hooks/use-texts.ts"
import { lazyParts } from "../ui/lazy-parts.ts"
import { MenuButton } from "../ui/menu-button.tsx"

interface MessageMenuProps {
  readonly message: ChatMessage
  readonly isOwn: boolean
}

/** Not higher than a line: a short message would be higher for it. */
const shown =
  "-my-0.5 md:opacity-0 md:group-hover:opacity-100 md:focus-visible:opacity-100 md:data-popup-open:opacity-100"

export function MessageMenu({ message, isOwn }: MessageMenuProps) {
  const { message: texts } = useTexts()
  const { MessageChoices } = lazyParts
  return (
    <MenuButton
      button={{ icon: "more", label: texts.actions, className: shown, isSmall: true, iconClassName: "size-4" }}
      menu={(trigger) => <MessageChoices trigger={trigger} message={message} isOwn={isOwn} />}
    />
  )
}
