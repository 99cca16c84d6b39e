/** AG-UI's own client as the judge of a sequence: its schemas, its verifier of orders, and the messages that it shows. */
import { HttpAgent, type Message } from "@ag-ui/client"
import type { AgUiEvent } from "@everthread/protocol/ag-ui"

export interface ShownByStock {
  readonly messages: readonly Message[]
  /** The questions that it waits for. */
  readonly interrupts: readonly string[]
}

/**
 * @returns what a stock client shows after all of it.
 * @throws what its verifier says of a sequence that is none, and what its schemas do not know.
 */
export async function shownAfter(events: readonly AgUiEvent[], before: readonly Message[] = []): Promise<ShownByStock> {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")
  const headers = { "content-type": "text/event-stream" }
  const agent = new HttpAgent({
    url: "http://any",
    threadId: "thread",
    initialMessages: [...before],
    fetch: async () => new Response(body, { headers }),
  })
  const complaints: string[] = []
  const spies = (["warn", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...words) => complaints.push(words.join(" "))),
  )
  try {
    if (events.length > 0) await agent.runAgent()
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
  if (complaints.length > 0) throw new Error(complaints.join("\n"))
  return { messages: agent.messages, interrupts: agent.pendingInterrupts.map(({ id }) => id) }
}
