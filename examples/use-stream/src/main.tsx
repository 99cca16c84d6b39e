/** A page with LangChain's own hook, as it would be for a LangGraph server. */
import { useStream } from "@langchain/react"
import type { FormEvent } from "react"
import { createRoot } from "react-dom/client"

// The one line that changed: it was the address of a LangGraph server.
const apiUrl = "http://localhost:8765"

const threadId = new URLSearchParams(location.search).get("conversation") ?? "lobby"

function Chat() {
  const stream = useStream({ apiUrl, assistantId: "demo", threadId })

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const content = String(new FormData(event.currentTarget).get("text"))
    event.currentTarget.reset()
    void stream.submit({ messages: [{ type: "human", content }] })
  }

  return (
    <main>
      <h1>useStream</h1>
      <ol>
        {stream.messages.map((message) => (
          <li key={message.id} data-role={message.getType()}>
            {message.text}
          </li>
        ))}
      </ol>
      {stream.interrupt && (
        <p>
          <code>{JSON.stringify(stream.interrupt.value)}</code>{" "}
          <button type="button" onClick={() => void stream.respond("yes")}>
            Yes
          </button>{" "}
          <button type="button" onClick={() => void stream.respond("no")}>
            No
          </button>
        </p>
      )}
      {stream.error ? <p role="alert">{String(stream.error)}</p> : null}
      <form onSubmit={send}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
        {stream.isLoading && (
          <button type="button" onClick={() => void stream.stop()}>
            Stop
          </button>
        )}
      </form>
    </main>
  )
}

createRoot(document.getElementById("root") as HTMLElement).render(<Chat />)
