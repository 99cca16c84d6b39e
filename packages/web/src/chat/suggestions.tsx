/** What one may say to the demo agent first: something that streams, something with a tool, something to be approved. */
import { useTexts } from "../hooks/use-texts.ts"
import { Button } from "../ui/button.tsx"
import { useChat } from "./chat-context.ts"

export default function Suggestions() {
  const { chat } = useTexts()
  const { conversation } = useChat()
  return (
    <ul aria-label={chat.suggestions} className="flex flex-wrap justify-center gap-2 pb-3">
      {chat.suggested.map((text) => (
        <li key={text}>
          {/* What is refused stays below the messages, with the reason. */}
          <Button className="rounded-full" onClick={() => conversation.send(text).catch(() => {})}>
            {text}
          </Button>
        </li>
      ))}
    </ul>
  )
}
