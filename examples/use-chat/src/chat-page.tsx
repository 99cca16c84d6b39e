/** What both pages show: nothing of it knows Everthread. */
import type { UseChatHelpers } from "@ai-sdk/react"
import type { UIMessage } from "ai"
import type { FormEvent, ReactNode } from "react"
import { createRoot } from "react-dom/client"

const query = new URLSearchParams(location.search)
export const conversation = query.get("conversation") ?? "lobby"
export const user = query.get("user") ?? "ada"

interface ChatPageProps {
  readonly title: string
  readonly chat: UseChatHelpers<UIMessage>
}

export function ChatPage({ title, chat }: ChatPageProps) {
  const { messages, status, error, sendMessage, stop, resumeStream } = chat

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get("text"))
    event.currentTarget.reset()
    void sendMessage({ text })
  }

  return (
    <main>
      <h1>{title}</h1>
      <ol>
        {messages.map(({ id, role, parts }) => (
          <li key={id} data-role={role}>
            {parts.map((part) => (part.type === "text" ? part.text : "")).join("")}
          </li>
        ))}
      </ol>
      {error && (
        <p role="alert">
          {error.message}{" "}
          <button type="button" onClick={() => void resumeStream()}>
            Go on
          </button>
        </p>
      )}
      <form onSubmit={send}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
        {status === "streaming" && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </form>
    </main>
  )
}

export function render(page: ReactNode): void {
  createRoot(document.getElementById("root") as HTMLElement).render(page)
}
