/** What both pages show: nothing of it knows Everthread's client. */
import type { UseChatHelpers } from "@ai-sdk/react"
import { getToolName, isToolUIPart, type UIMessage } from "ai"
import type { FormEvent, ReactNode } from "react"
import { createRoot } from "react-dom/client"

type ChatMessage = UIMessage<{ everthread?: { user?: string; agent?: string } }>
type Part = ChatMessage["parts"][number]
type ToolPart = Extract<Part, { toolCallId: string }>

const query = new URLSearchParams(location.search)
export const conversation = query.get("conversation") ?? "use-chat"
export const user = query.get("user") ?? "ada"

interface ChatPageProps {
  readonly title: string
  readonly chat: UseChatHelpers<UIMessage>
}

export function ChatPage({ title, chat }: ChatPageProps) {
  const { status, error, sendMessage, stop, addToolApprovalResponse } = chat
  const messages = chat.messages as ChatMessage[]
  const isAsked = messages.some(({ parts }) => parts.some(isQuestion))
  const isBusy = status === "submitted" || status === "streaming"

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get("text"))
    event.currentTarget.reset()
    void sendMessage({ text })
  }

  const show = (part: Part, at: number) => {
    if (part.type === "text") return <span key={at}>{part.text}</span>
    if (!isToolUIPart(part)) return null
    const call = `${getToolName(part)} ${JSON.stringify(part.input)}`
    if (part.state !== "approval-requested") return <small key={at}>{`${call}: ${outcomeOf(part)}`}</small>
    const answer = (approved: boolean) => void addToolApprovalResponse({ id: part.approval.id, approved })
    return (
      <div key={at} className="question">
        {call}{" "}
        <button type="button" onClick={() => answer(true)}>
          Approve
        </button>{" "}
        <button type="button" onClick={() => answer(false)}>
          Deny
        </button>
      </div>
    )
  }

  return (
    <main>
      <h1>{title}</h1>
      <ol>
        {messages.map((message) => (
          <li key={message.id} data-role={message.role}>
            <b>{writerOf(message)}</b>
            {message.parts.map(show)}
          </li>
        ))}
      </ol>
      <p role="status">{isAsked ? "The agent waits for an answer." : isBusy ? "The agent is at work…" : ""}</p>
      {error && <p role="alert">{error.message}</p>}
      <form onSubmit={send}>
        <input name="text" aria-label="Message" autoComplete="off" required disabled={isAsked} />
        <button type="submit" disabled={isAsked}>
          Send
        </button>
        {isBusy && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </form>
    </main>
  )
}

function outcomeOf(part: ToolPart): string {
  return part.state === "output-available" ? JSON.stringify(part.output) : part.state
}

const isQuestion = (part: Part) => isToolUIPart(part) && part.state === "approval-requested"

/** What is told of a message names its writer; what this page has just written is its user's. */
function writerOf({ role, metadata }: ChatMessage): string {
  return role === "user" ? (metadata?.everthread?.user ?? user) : (metadata?.everthread?.agent ?? "agent")
}

export function render(page: ReactNode): void {
  createRoot(document.getElementById("root") as HTMLElement).render(page)
}
