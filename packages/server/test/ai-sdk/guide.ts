/**
 * The snippets of docs/ai-sdk.md, compiled, and mounted by a test. Hooks of a page, without the page: what they show is
 * the page's own.
 */
import { Chat, useChat } from "@ai-sdk/react"
import type { Client } from "@everthread/client"
import { chatTransport, followMessages, mergeMessages } from "@everthread/client/ai-sdk"
import { lastAssistantMessageIsCompleteWithApprovalResponses, type UIMessage, WebSocketChatTransport } from "ai"
import { useEffect, useRef, useState } from "react"

// #region transport
export const stockTransport = (url: string) =>
  new WebSocketChatTransport<UIMessage>({
    url, // ws://127.0.0.1:8765/compat/ai-sdk/ws
    // The log has the history: what is said now is enough, and keeps a long chat's frames small.
    prepareSendMessagesRequest: ({ messages }) => ({ messages: messages.slice(-1) }),
  })
// #endregion

// #region chat
export function useSupportChat(id: string, transport: WebSocketChatTransport<UIMessage>) {
  // Made here and not by the hook, which would stop the run when the page is left.
  const [chat] = useState(() => {
    const made: Chat<UIMessage> = new Chat<UIMessage>({
      id, // of the conversation: whoever names the same id is in the same one
      transport,
      // Only where the agent asks before it acts.
      sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
      onError(error) {
        // The connection broke. Sent again it is still one message, and its answer is told from its beginning.
        if (!(error instanceof TypeError)) return
        if (made.lastMessage?.role === "assistant") made.messages = made.messages.slice(0, -1)
        setTimeout(() => void made.sendMessage(), 1_000)
      },
    })
    return made
  })
  return useChat({ chat, resume: true })
}
// #endregion

// #region token
export const withToken = (url: string, token: () => Promise<string>) =>
  new WebSocketChatTransport<UIMessage>({
    url,
    headers: async () => ({ Authorization: `Bearer ${await token()}` }),
    prepareSendMessagesRequest: ({ messages }) => ({ messages: messages.slice(-1) }),
  })
// #endregion

// #region shared
export function useSharedChat(id: string, client: Client) {
  const [chat] = useState(() => new Chat<UIMessage>({ id, transport: chatTransport(client) }))
  const helpers = useChat({ chat, resume: true })
  const { setMessages, status } = helpers
  const isBusy = useRef(false)
  isBusy.current = status === "submitted" || status === "streaming"
  // Without this the page works, and shows only what it has asked for itself.
  useEffect(
    () => followMessages(client, id, (logged) => setMessages((shown) => mergeMessages(shown, logged, isBusy.current))),
    [client, id, setMessages],
  )
  return helpers
}
// #endregion
