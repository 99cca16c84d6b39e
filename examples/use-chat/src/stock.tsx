/** A page with the AI SDK's own hook and transport. It shows what it has asked for itself, as it would anywhere. */
import { useChat } from "@ai-sdk/react"
import { WebSocketChatTransport } from "ai"
import { ChatPage, conversation, render, user } from "./chat-page.tsx"

// The one line that changed: it was the address of a server of one's own.
const transport = new WebSocketChatTransport({ url: `ws://localhost:8765/compat/ai-sdk/ws?user=${user}` })

function StockChat() {
  // `resume`: a page that is opened while an answer is being written shows it from its beginning.
  return <ChatPage title="useChat" chat={useChat({ id: conversation, transport, resume: true })} />
}

render(<StockChat />)
