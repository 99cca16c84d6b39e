/** The snippets of `docs/ag-ui.md`, compiled and run: each region here is a block there. */
import { HttpAgent, type Message } from "@ag-ui/client"
import { conversationAgent } from "../../src/ag-ui/index.ts"
import { type Client, createClient } from "../../src/index.ts"

export async function run(
  server: string,
  threadId: string,
): Promise<{ agent: HttpAgent; answer: Message | undefined }> {
  // #region run
  const agent = new HttpAgent({ url: `${server}/compat/ag-ui`, threadId })
  agent.addMessage({ id: crypto.randomUUID(), role: "user", content: "Tell me a story" })
  await agent.runAgent()
  const answer = agent.messages.at(-1)
  // #endregion
  return { agent, answer }
}

export async function again(agent: HttpAgent): Promise<void> {
  // #region again
  for (let isCutOff = true; isCutOff; ) {
    isCutOff = false
    try {
      // A node that shuts down says so; another one goes on.
      await agent.runAgent(
        {},
        {
          onRunErrorEvent({ event }) {
            isCutOff = event.code === "draining"
          },
        },
      )
    } catch (error) {
      // Without a status the connection broke. With any other one the server has said why not.
      const { status = 503 } = error as { status?: number }
      if (status !== 429 && status !== 503) throw error
      isCutOff = true
    }
    if (isCutOff) await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  // #endregion
}

export async function answer(agent: HttpAgent): Promise<void> {
  // #region resume
  const resume = agent.pendingInterrupts.map(({ id }) => ({ interruptId: id, status: "resolved" as const, payload: 4 }))
  await agent.runAgent({ resume })
  // #endregion
}

export async function stop(
  server: string,
  threadId: string,
  messageId: string,
  headers: Record<string, string>,
): Promise<void> {
  // #region stop
  const body = JSON.stringify({ threadId, messageId })
  await fetch(`${server}/compat/ag-ui/stop`, { method: "POST", headers, body })
  // #endregion
}

export function connect(
  url: string,
  threadId: string,
): { client: Client; agent: HttpAgent; connected: Promise<unknown> } {
  // #region agent
  const client = createClient({ url, user: "ada", device: "laptop" })
  const agent = conversationAgent(HttpAgent, client, { threadId })
  const connected = agent.connectAgent()
  // #endregion
  return { client, agent, connected }
}
