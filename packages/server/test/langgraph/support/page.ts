/** A page with LangChain's own hook, unmodified, in an emulated document: what it shows, and waits for conditions. */
import { useStream } from "@langchain/react"
import { Window } from "happy-dom"
import { createElement } from "react"
import type { Root } from "react-dom/client"
import { WebSocket } from "ws"
import type { Transport } from "./stock.ts"

export interface PageOptions {
  readonly port: number
  readonly thread: string | null
  readonly transport: Transport
  readonly user: string
  readonly token?: string
  readonly assistantId?: string
  /** How long it waits before it comes back; without it as long as LangChain's client does by itself. */
  readonly reconnectDelayMs?: number
  /** Where connections lead from now on. */
  readonly reach?: () => number
}

type Stream = ReturnType<typeof useStream>
type HookOptions = Parameters<typeof useStream>[0]

function Probe({ options, show }: { readonly options: HookOptions; readonly show: (stream: Stream) => void }): null {
  show(useStream(options))
  return null
}

/** A message as a page would show it. */
export interface Bubble {
  readonly type: string
  readonly id: string | undefined
  readonly text: string
}

const dom = new Window({ url: "http://localhost/" })

/** React looks for them when it is loaded. */
function provideDocument(): void {
  const { document, navigator, HTMLElement, HTMLIFrameElement, Node, Event } = dom
  const parts = { window: dom, document, HTMLElement, HTMLIFrameElement, Node, Event }
  for (const [name, part] of Object.entries(parts)) Object.assign(globalThis, { [name]: part })
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true })
}

export class Page {
  readonly sockets: WebSocket[] = []
  /** Every list of messages that was rendered, in order, without repeats. */
  readonly rendered: Bubble[][] = []
  /** The runs that the page knows to be its own: these it can stop. */
  readonly created: string[] = []
  #stream: Stream | undefined
  readonly #streams = new Set<AbortController>()
  readonly #root: Root
  readonly #waiting = new Set<() => void>()

  private constructor(root: Root, options: PageOptions) {
    this.#root = root
    root.render(createElement(Probe, { options: this.#hookOptions(options), show: (stream) => this.#show(stream) }))
  }

  static async open(options: PageOptions): Promise<Page> {
    provideDocument()
    const { createRoot } = await import("react-dom/client")
    return new Page(createRoot(dom.document.createElement("div") as unknown as Element), options)
  }

  get stream(): Stream {
    if (!this.#stream) throw new Error("The hook was not rendered yet.")
    return this.#stream
  }

  get bubbles(): Bubble[] {
    return (this.#stream?.messages ?? []).map((message) => ({
      type: message.getType(),
      id: message.id,
      text: message.text,
    }))
  }

  get texts(): string[] {
    return this.bubbles.map(({ text }) => text)
  }

  until(condition: (page: Page) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.#stream || !condition(this)) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** The thread's state is here, and nothing is under way. */
  async settled(): Promise<void> {
    await this.until(({ stream }) => !stream.isThreadLoading && !stream.isLoading)
  }

  submit(text: string, options?: object): Promise<void> {
    return this.stream.submit({ messages: [{ type: "human", content: text }] } as never, options as never)
  }

  /** Its connection breaks. */
  drop(): void {
    this.sockets.at(-1)?.terminate()
  }

  /** The same for streams over HTTP: their bodies break off. */
  cutStreams(): void {
    for (const stream of this.#streams) stream.abort()
    this.#streams.clear()
  }

  close(): void {
    this.#root.unmount()
  }

  #show(stream: Stream): void {
    this.#stream = stream
    const { bubbles } = this
    if (JSON.stringify(bubbles) !== JSON.stringify(this.rendered.at(-1))) this.rendered.push(bubbles)
    this.#look()
  }

  #look(): void {
    queueMicrotask(() => {
      for (const look of [...this.#waiting]) look()
    })
  }

  /** Made once: the hook begins anew with options that are new. */
  #hookOptions({
    port,
    thread,
    transport,
    user,
    token,
    assistantId = "scribe",
    reconnectDelayMs,
    reach = () => port,
  }: PageOptions): HookOptions {
    const named = token === undefined ? { "x-everthread-user": user } : { authorization: `Bearer ${token}` }
    const fetchAs = (input: string | URL | Request, init: RequestInit = {}) => {
      const { pathname, search } = new URL(String(input))
      const headers = new Headers(init.headers)
      for (const [name, value] of Object.entries(named)) headers.set(name, value)
      const cut = new AbortController()
      if (pathname.endsWith("/stream/events")) this.#streams.add(cut)
      const signal = init.signal ? AbortSignal.any([init.signal, cut.signal]) : cut.signal
      return fetch(`http://127.0.0.1:${reach()}${pathname}${search}`, { ...init, headers, signal })
    }
    const webSocketFactory = (url: string) => {
      const address = `ws://127.0.0.1:${reach()}${new URL(url).pathname}`
      const socket =
        token === undefined ? new WebSocket(`${address}?user=${user}`) : new WebSocket(address, ["everthread", token])
      this.sockets.push(socket)
      return socket as never
    }
    return {
      apiUrl: `http://127.0.0.1:${port}`,
      assistantId,
      threadId: thread,
      fetch: fetchAs,
      callerOptions: { maxRetries: 0, fetch: fetchAs },
      onCreated: ({ runId }: { runId: string }) => {
        this.created.push(runId)
        this.#look()
      },
      ...(reconnectDelayMs === undefined ? {} : { reconnectDelayMs: () => reconnectDelayMs }),
      ...(transport === "websocket" ? { transport, webSocketFactory } : { transport }),
    } as HookOptions
  }
}
