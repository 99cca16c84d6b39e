/** A page with LangChain's own hook, unmodified, on our own client: what it shows, and waits for conditions. */
import { type AgentServerAdapter, type UseStreamOptions, useStream } from "@langchain/react"
import { Window } from "happy-dom"
import { createElement } from "react"
import type { Root } from "react-dom/client"
import type { Client } from "../../src/index.ts"
import { streamOptions } from "../../src/langgraph/index.ts"

type Stream = ReturnType<typeof useStream>

/** Ours are LangChain's shapes, though nothing of ours names them: this line is what holds it to that. */
export const asStock = (client: Client): { transport: AgentServerAdapter } => streamOptions(client)

const dom = new Window({ url: "http://localhost/" })

/** React looks for them when it is loaded. */
function provideDocument(): void {
  const { document, navigator, HTMLElement, HTMLIFrameElement, Node, Event } = dom
  const parts = { window: dom, document, HTMLElement, HTMLIFrameElement, Node, Event }
  for (const [name, part] of Object.entries(parts)) Object.assign(globalThis, { [name]: part })
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true })
}

interface ProbeProps {
  readonly options: UseStreamOptions
  readonly show: (stream: Stream) => void
}

function Probe({ options, show }: ProbeProps): null {
  show(useStream(options as never))
  return null
}

export class HookPage {
  /** Every list of texts that was rendered, in order, without repeats. */
  readonly rendered: string[][] = []
  readonly #root: Root
  readonly #options: object
  #stream: Stream | undefined
  readonly #waiting = new Set<() => void>()

  private constructor(root: Root, client: Client, assistantId: string) {
    this.#root = root
    this.#options = { ...streamOptions(client), assistantId }
  }

  static async open(client: Client, threadId: string | null, assistantId = "scribe"): Promise<HookPage> {
    provideDocument()
    const { createRoot } = await import("react-dom/client")
    const page = new HookPage(createRoot(dom.document.createElement("div") as unknown as Element), client, assistantId)
    page.goTo(threadId)
    return page
  }

  goTo(threadId: string | null): void {
    const options = { ...this.#options, threadId } as UseStreamOptions
    this.#root.render(createElement(Probe, { options, show: (stream) => this.#show(stream) }))
  }

  get stream(): Stream {
    if (!this.#stream) throw new Error("The hook was not rendered yet.")
    return this.#stream
  }

  get texts(): string[] {
    return (this.#stream?.messages ?? []).map(({ text }) => text)
  }

  until(condition: (page: HookPage) => boolean): Promise<void> {
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
  settled(): Promise<void> {
    return this.until(({ stream }) => !stream.isThreadLoading && !stream.isLoading)
  }

  submit(text: string, options?: object): Promise<void> {
    return this.stream.submit({ messages: [{ type: "human", content: text }] } as never, options as never)
  }

  close(): void {
    this.#root.unmount()
  }

  #show(stream: Stream): void {
    this.#stream = stream
    const { texts } = this
    if (JSON.stringify(texts) !== JSON.stringify(this.rendered.at(-1))) this.rendered.push(texts)
    queueMicrotask(() => {
      for (const look of [...this.#waiting]) look()
    })
  }
}
