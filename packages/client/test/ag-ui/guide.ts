/** The snippets of `docs/ag-ui.md`, compiled and run: each region here is a block there. */
import { HttpAgent, type Message } from "@ag-ui/client"
import { conversationAgent } from "../../src/ag-ui/index.ts"
import { type Client, createClient } from "../../src/index.ts"

export async function run(server: string, threadId: string): Promise<{ agent: HttpAgent; newMessages: Message[] }> {
  // #region run
  const agent = new HttpAgent({ url: `${server}/compat/ag-ui`, threadId })
  agent.addMessage({ id: crypto.randomUUID(), role: "user", content: "Tell me a story" })
  const { newMessages } = await agent.runAgent()
  // #endregion
  return { agent, newMessages }
}

export async function again(agent: HttpAgent): Promise<void> {
  // #region again
  await agent.runAgent()
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
