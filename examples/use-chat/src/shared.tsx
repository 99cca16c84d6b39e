/** The same page over Everthread's client: it shows what everybody says, and comes back by itself. */
import { useChat } from "@ai-sdk/react"
import { createClient } from "@everthread/client"
import { chatTransport, followMessages, mergeMessages } from "@everthread/client/ai-sdk"
import { useEffect, useRef } from "react"
import { ChatPage, conversation, render, user } from "./chat-page.tsx"

const client = createClient({ url: "ws://localhost:8765/v1", user, device: "browser" })
const transport = chatTransport(client)

function SharedChat() {
  const chat = useChat({ id: conversation, transport, resume: true })
  const { setMessages, status } = chat
  const isBusy = useRef(false)
  isBusy.current = status === "submitted" || status === "streaming"
  useEffect(
    () =>
      followMessages(client, conversation, (logged) =>
        setMessages((shown) => mergeMessages(shown, logged, isBusy.current)),
      ),
    [setMessages],
  )
  return <ChatPage title="useChat, shared" chat={chat} />
}

render(<SharedChat />)
