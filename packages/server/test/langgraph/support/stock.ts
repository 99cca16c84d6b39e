/** LangChain's own client, unmodified, as one device: what it was told, in its order, and waits for conditions. */
import { Client } from "@langchain/langgraph-sdk"
import { WebSocket } from "ws"

export type Transport = "websocket" | "sse"
type Thread = ReturnType<Client["threads"]["stream"]>

/** An event as it came. */
export interface Told {
  readonly event_id: string
  readonly seq: number
  readonly method: string
  readonly params: { readonly namespace: string[]; readonly data: Record<string, unknown> }
}

export interface StockOptions {
  readonly port: number
  readonly thread: string
  readonly user?: string
  readonly device?: string
  readonly token?: string
  readonly transport?: Transport
  /** Where connections lead from now on: a node behind a load balancer. */
  readonly reach?: () => number
  readonly assistantId?: string
}

export class StockDevice {
  readonly client: Client
  readonly thread: Thread
  /** Each once, as the client hands them on. */
  readonly told: Told[] = []
  /** Everything that came over its sockets, repeats too. */
  readonly raw: Told[] = []
  readonly sockets: WebSocket[] = []
  /** What its sockets were closed with. */
  readonly closes: number[] = []
  readonly #waiting = new Set<() => void>()

  constructor({
    port,
    thread,
    user,
    device,
    token,
    transport = "websocket",
    reach,
    assistantId = "scribe",
  }: StockOptions) {
    const headers = {
      ...(user === undefined ? {} : { "x-everthread-user": user }),
      ...(device === undefined ? {} : { "x-everthread-device": device }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    }
    const address = () => `127.0.0.1:${reach?.() ?? port}`
    this.client = new Client({
      apiUrl: `http://127.0.0.1:${port}`,
      apiKey: null,
      defaultHeaders: transport === "sse" ? headers : {},
      callerOptions: { maxRetries: 0 },
    })
    const webSocketFactory = (url: string) => {
      const { pathname } = new URL(url)
      const names = [
        ...(user === undefined ? [] : [`user=${user}`]),
        ...(device === undefined ? [] : [`device=${device}`]),
      ]
      const target = `ws://${address()}${pathname}${names.length > 0 ? `?${names.join("&")}` : ""}`
      const socket = new WebSocket(target, token === undefined ? [] : ["everthread", token])
      this.sockets.push(socket)
      socket.on("close", (code) => this.closes.push(code))
      socket.on("message", (data) => this.#heard(JSON.parse(String(data)) as Told & { type?: string }))
      return socket as never
    }
    this.thread = this.client.threads.stream(thread, {
      assistantId,
      transport,
      reconnectDelayMs: () => 1,
      ...(transport === "websocket" ? { webSocketFactory } : {}),
    })
    this.thread.onEvent((event) => {
      this.told.push(event as unknown as Told)
      for (const look of [...this.#waiting]) look()
    })
  }

  /** Subscribes as LangChain's hook does. */
  async watch(): Promise<void> {
    const channels = ["values", "checkpoints", "lifecycle", "input", "messages", "tools", "custom"]
    await this.thread.subscribe({ channels } as never)
  }

  /** Says something to the agent. @returns the run. */
  async say(text: string, id: string, more: object = {}): Promise<string> {
    const input = { messages: [{ type: "human", content: text, id }] }
    const { run_id } = await this.thread.submitRun({ input, ...more } as never)
    return String(run_id)
  }

  until(what: string, condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return
        this.#waiting.delete(look)
        resolve()
      }
      void what
      this.#waiting.add(look)
      look()
    })
  }

  /** Waits for so many ends of runs. */
  ended(count = 1): Promise<void> {
    return this.until(`${count} ends`, () => this.ends().length >= count)
  }

  ends(): string[] {
    const ends = this.told.filter(({ method, params }) => method === "lifecycle" && params.namespace.length === 0)
    return ends.map(({ params }) => String(params.data["event"])).filter((event) => event !== "running")
  }

  /** The words of all text deltas, joined. */
  words(): string {
    return deltasOf(this.told).join("")
  }

  /** The newest state it was told. */
  messages(): { readonly type: string; readonly id: string; readonly content: unknown }[] {
    const values = this.told.filter(({ method }) => method === "values").at(-1)
    return (values?.params.data["messages"] ?? []) as never
  }

  /** Loses its connection, without a goodbye. */
  drop(): void {
    this.sockets.at(-1)?.terminate()
  }

  async close(): Promise<void> {
    await this.thread.close()
  }

  #heard(frame: Told & { type?: string }): void {
    if (frame.type === "event") this.raw.push(frame)
  }
}

export function deltasOf(events: readonly Told[]): string[] {
  return events
    .filter(({ method, params }) => method === "messages" && params.data["event"] === "content-block-delta")
    .map(({ params }) => String((params.data["delta"] as Record<string, unknown>)["text"] ?? ""))
}
