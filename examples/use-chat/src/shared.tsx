/** The same page over Everthread's client: it shows what everybody says, and comes back by itself. */
import { Chat, useChat } from "@ai-sdk/react"
import { createClient } from "@everthread/client"
import { chatTransport, followMessages, mergeMessages } from "@everthread/client/ai-sdk"
import { lastAssistantMessageIsCompleteWithApprovalResponses, type UIMessage } from "ai"
import { useEffect, useRef } from "react"
import { ChatPage, conversation, render, user } from "./chat-page.tsx"

const client = createClient({ url: "ws://127.0.0.1:8765/v1", user, device: "browser" })

// Made here and not by the hook, which would stop the run when the page is left.
const chat = new Chat<UIMessage>({
  id: conversation,
  transport: chatTransport(client),
  // Somebody may have written since the agent asked.
  sendAutomaticallyWhen: ({ messages }) =>
    lastAssistantMessageIsCompleteWithApprovalResponses({ messages: upToAnswer(messages) }),
})

const upToAnswer = (messages: UIMessage[]) =>
  messages.slice(0, messages.findLastIndex(({ role }) => role === "assistant") + 1)

function SharedChat() {
  const helpers = useChat({ chat, resume: true })
  const { setMessages, status } = helpers
  const isBusy = useRef(false)
  isBusy.current = status === "submitted" || status === "streaming"
  useEffect(
    () =>
      followMessages(client, conversation, (logged) =>
        setMessages((shown) => mergeMessages(shown, logged, isBusy.current)),
      ),
    [setMessages],
  )
  return <ChatPage title="useChat, shared" chat={helpers} />
}

render(<SharedChat />)
