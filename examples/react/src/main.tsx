/** A shared conversation in React: who is here, what is said, what an agent is saying, and what waits to be sent. */
import { type ChatMessage, type Client, createClient, textOf } from "@everthread/client"
import { indexedDbOutbox, sharedSocket, wakeWithPage } from "@everthread/client/browser"
import { ClientProvider, useClient, useConversation } from "@everthread/client/react"
import type { FormEvent } from "react"
import { createRoot } from "react-dom/client"

const url = "ws://127.0.0.1:8765/v1"
const query = new URLSearchParams(location.search)
const id = query.get("conversation") ?? "react"
const user = query.get("user") ?? "ada"

function Chat() {
  const client = useClient()
  const { status, messages, pending, present, state } = useConversation(id)
  const question = state.interrupts.find(({ answer }) => !answer)
  const isBusy = state.runs.some((run) => run.status === "running")
  const conversation = client.conversation(id)

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get("text"))
    event.currentTarget.reset()
    // A refusal shows as a failed message among `pending`.
    conversation.send(text).catch(() => {})
  }

  return (
    <main>
      <h1>{state.title ?? id}</h1>
      <p>
        {status}; here: {[...new Set(present.map((device) => device.user))].join(", ")}
      </p>
      <ol>
        {messages.map((message) => (
          <li key={message.id} data-role={message.role}>
            <b>{message.by?.user ?? message.agent}</b>
            {textOf(message)}
            {toolsOf(message).map((call) => (
              <small key={call}>{call}</small>
            ))}
          </li>
        ))}
        {pending.map((message) => (
          <li key={message.key} data-role="user">
            <b>{user}</b>
            {message.text} <i>({message.status})</i>
          </li>
        ))}
      </ol>
      {question && (
        <p className="question">
          {wordsOf(question.value)}{" "}
          <button type="button" onClick={() => void conversation.respond(question.id, "yes")}>
            Yes
          </button>{" "}
          <button type="button" onClick={() => void conversation.respond(question.id, "no")}>
            No
          </button>
          <small>The agent waits for an answer, and what is written meanwhile waits for the agent.</small>
        </p>
      )}
      <form onSubmit={send}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
        {isBusy && (
          <button type="button" onClick={() => void conversation.stop()}>
            Stop
          </button>
        )}
      </form>
    </main>
  )
}

/** The demo agent asks in words; another one may ask with anything. */
function wordsOf(question: unknown): string {
  return (question as { question?: string })?.question ?? JSON.stringify(question)
}

/** The tools that it calls, and with what. */
function toolsOf({ blocks }: ChatMessage): string[] {
  return blocks.flatMap(({ tool, text }) => (tool ? `${tool.name} ${text}` : []))
}

function open(): Client {
  const client = createClient({
    url,
    user,
    // This browser, however often it comes back.
    device: "browser",
    socket: sharedSocket(),
    outbox: indexedDbOutbox(`${user} in a browser`),
  })
  wakeWithPage(client)
  // Who comes first makes the conversation; everybody else joins it.
  client.create({ conversation: id, agent: "demo" }).catch(() => client.join(id))
  return client
}

createRoot(document.getElementById("root") as HTMLElement).render(
  <ClientProvider client={open()}>
    <Chat />
  </ClientProvider>,
)
