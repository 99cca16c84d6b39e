/** AG-UI's own client, unmodified, as one device: what it was told, in its order, and waits for conditions. */
import { type BaseEvent, HttpAgent, type Message, type RunAgentInput } from "@ag-ui/client"

export interface DeviceOptions {
  readonly port: number
  readonly thread: string
  readonly user?: string
  readonly device?: string
  readonly token?: string
  readonly agent?: string
}

/** The stock agent leaves out how it connects, for others to fill in: here by the same transport, at the address beside it. */
class ConnectingAgent extends HttpAgent {
  protected override connect(input: RunAgentInput): ReturnType<HttpAgent["run"]> {
    const { url } = this
    this.url = url.replace(/(\?|$)/, "/connect$1")
    const events = this.run(input)
    this.url = url
    return events
  }
}

export class StockDevice {
  readonly agent: HttpAgent
  readonly told: BaseEvent[] = []
  /** Every text that a message of an agent had, in order, without repeats. */
  readonly shown: string[] = []
  readonly #requests = new Set<AbortController>()

  constructor({ port, thread, user, device, token, agent }: DeviceOptions) {
    const headers = {
      ...(user === undefined ? {} : { "x-everthread-user": user }),
      ...(device === undefined ? {} : { "x-everthread-device": device }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const query = agent === undefined ? "" : `?agent=${agent}`
    this.agent = new ConnectingAgent({
      url: `http://127.0.0.1:${port}/compat/ag-ui${query}`,
      threadId: thread,
      headers,
      fetch: (url, init) => this.#fetch(url, init),
    })
    this.agent.subscribe({
      onEvent: ({ event }) => {
        this.told.push(event)
      },
      onMessagesChanged: ({ messages }) => {
        const text = wordsOf(messages).join("|")
        if (text !== this.shown.at(-1)) this.shown.push(text)
      },
    })
  }

  /** Says something to the agent, and is told what it answers. */
  say(text: string, id: string): Promise<unknown> {
    this.agent.addMessage({ id, role: "user", content: text })
    return this.agent.runAgent()
  }

  /** Follows the thread for as long as the connection is open. */
  connect(): Promise<unknown> {
    return this.agent.connectAgent()
  }

  /** Its connections break. */
  drop(): void {
    for (const request of this.#requests) request.abort()
    this.#requests.clear()
  }

  get words(): string[] {
    return wordsOf(this.agent.messages)
  }

  /** How the runs ended that it was told of. */
  get ends(): string[] {
    return this.told.flatMap((event) => {
      if (event.type === "RUN_ERROR") return [`error: ${String(event["code"])}`]
      return event.type === "RUN_FINISHED" ? [(event["outcome"] as { type: string }).type] : []
    })
  }

  /** The stock client says nothing when it has taken an event in, so it is looked at again and again. */
  until(condition: () => boolean): Promise<unknown> {
    return vi.waitUntil(condition, { timeout: 30_000, interval: 5 })
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const cut = new AbortController()
    this.#requests.add(cut)
    const signal = init.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal
    const { body, status, headers } = await fetch(url, { ...init, signal })
    return new Response(body && tolerant(body), { status, headers })
  }
}

/** A connection that breaks looks like one that was cut: of every other error the stock client leaves a rejection unhandled. */
function tolerant(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const piece = await reader.read().catch(() => undefined)
      if (!piece) controller.error(new DOMException("The connection broke.", "AbortError"))
      else if (piece.done) controller.close()
      else controller.enqueue(piece.value)
    },
    cancel: (reason) => reader.cancel(reason).catch(() => undefined),
  })
}

export function wordsOf(messages: readonly Message[]): string[] {
  return messages.flatMap(({ role, content }) => (role === "assistant" && typeof content === "string" ? [content] : []))
}
