/** A page with the AI SDK's own hook and transport. It shows what it has asked for itself, as it would anywhere. */
import { Chat, useChat } from "@ai-sdk/react"
import { lastAssistantMessageIsCompleteWithApprovalResponses, type UIMessage, WebSocketChatTransport } from "ai"
import { ChatPage, conversation, render, user } from "./chat-page.tsx"

// The one line that changed: it was the address of a server of one's own.
const transport = new WebSocketChatTransport({ url: `ws://127.0.0.1:8765/compat/ai-sdk/ws?user=${user}` })

// Made here and not by the hook, which would stop the run when the page is left.
const chat: Chat<UIMessage> = new Chat<UIMessage>({
  id: conversation,
  transport,
  sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  onError(error) {
    // The connection broke. The run goes on, and so does the page, once there is a server again.
    if (error instanceof TypeError) setTimeout(goOn, 1_000)
  },
})

/** Sent again it is still one message, and its answer is told from its beginning, also if it has ended meanwhile. */
function goOn(): void {
  if (chat.lastMessage?.role === "assistant") chat.messages = chat.messages.slice(0, -1)
  void chat.sendMessage()
}

function StockChat() {
  // `resume`: a page that is opened while an answer is being written shows it from its beginning.
  return <ChatPage title="useChat" chat={useChat({ chat, resume: true })} />
}

render(<StockChat />)
