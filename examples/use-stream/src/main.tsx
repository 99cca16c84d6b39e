/** A page with LangChain's own hook, as it would be for a LangGraph server. */
import type { BaseMessage } from "@langchain/core/messages"
import { useStream } from "@langchain/react"
import { type FormEvent, useEffect, useState } from "react"
import { createRoot } from "react-dom/client"

// The one line that changed: it was the address of a LangGraph server.
const apiUrl = "http://127.0.0.1:8765"

const assistantId = "demo"
const query = new URLSearchParams(location.search)
const threadId = query.get("conversation") ?? "use-stream"
const user = query.get("user") ?? "ada"
const defaultHeaders = { "x-everthread-user": user }

function Chat() {
  const stream = useStream({ apiUrl, assistantId, threadId, defaultHeaders })
  const open = useOpenQuestions(stream)
  const question = stream.interrupts.find(({ id }) => id !== undefined && open.includes(id))
  const answer = (value: string) => void stream.respond(value, question?.id ? { interruptId: question.id } : {})

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const content = String(new FormData(event.currentTarget).get("text"))
    event.currentTarget.reset()
    void stream.submit({ messages: [{ type: "human", content }] })
  }

  // The hook's own `stop` knows only runs that its page has begun. This one stops whatever runs here, for everybody.
  const stop = async () => {
    const { runs } = stream.client
    for (const { run_id } of await runs.list(threadId, { status: "running" })) await runs.cancel(threadId, run_id)
  }

  return (
    <main>
      <h1>useStream</h1>
      <ol>
        {stream.messages.map((message) => (
          <Line key={message.id} message={message} />
        ))}
      </ol>
      {question && (
        <p className="question">
          {wordsOf(question.value)}{" "}
          <button type="button" onClick={() => answer("yes")}>
            Yes
          </button>{" "}
          <button type="button" onClick={() => answer("no")}>
            No
          </button>
          <small>The agent waits for an answer, and what is written meanwhile waits for the agent.</small>
        </p>
      )}
      {stream.error ? <p role="alert">{String(stream.error)}</p> : null}
      <form onSubmit={send}>
        <input name="text" aria-label="Message" autoComplete="off" required />
        <button type="submit">Send</button>
        {stream.isLoading && (
          <button type="button" onClick={() => void stop()}>
            Stop
          </button>
        )}
      </form>
    </main>
  )
}

/** Nothing tells the hook that somebody answered elsewhere; the thread's state says what is still asked. */
function useOpenQuestions({ client, interrupts, messages, isLoading }: ReturnType<typeof useStream>): string[] {
  const [open, setOpen] = useState<string[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is new in the thread is when to look again.
  useEffect(() => {
    if (interrupts.length === 0) return
    let isLatest = true
    const look = async () => {
      const { tasks } = await client.threads.getState(threadId)
      const ids = tasks.flatMap((task) => task.interrupts.flatMap(({ id }) => id ?? []))
      if (isLatest) setOpen(ids)
    }
    // Without a connection it looks again when there is something new.
    look().catch(() => {})
    return () => {
      isLatest = false
    }
  }, [client, interrupts, messages.length, isLoading])
  return open
}

/** The demo agent asks in words; another one may ask with anything. */
function wordsOf(question: unknown): string {
  return (question as { question?: string })?.question ?? JSON.stringify(question)
}

function Line({ message }: { message: BaseMessage }) {
  const { user: writer = user, agent = assistantId } = message.additional_kwargs as { user?: string; agent?: string }
  const kind = message.getType()
  const calls = "tool_calls" in message ? (message.tool_calls as { name: string; args: unknown }[]) : []
  if (kind === "tool") {
    return (
      <li data-role={kind}>
        <small>{`${message.name}: ${message.text}`}</small>
      </li>
    )
  }
  return (
    <li data-role={kind}>
      <b>{kind === "human" ? writer : agent}</b>
      {message.text}
      {calls.map(({ name, args }) => (
        <small key={name}>{`${name} ${JSON.stringify(args)}`}</small>
      ))}
    </li>
  )
}

createRoot(document.getElementById("root") as HTMLElement).render(<Chat />)
