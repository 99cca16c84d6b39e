/** A page of a person: the AI SDK's `Chat` on its WebSocket transport, as the tests drive it. */
import { node24 } from "./node-24.ts"
import { type Shown, type ShownMessage, StockProcess } from "./stock-process.ts"

export interface PageOptions {
  readonly port: number
  readonly chat: string
  readonly user?: string
  readonly token?: { readonly subprotocol?: string; readonly header?: string }
  readonly body?: object
  readonly automatically?: "approvals" | "tools"
  readonly messages?: readonly object[]
  readonly lastOnly?: boolean
  /** With our own transport in the place of the stock one. */
  readonly own?: true
  /** What the log holds is merged into what the page shows. */
  readonly merges?: true
}

export class Page {
  readonly #process: StockProcess
  readonly #name: string

  constructor(process: StockProcess, name: string) {
    this.#process = process
    this.#name = name
  }

  get shown(): Shown {
    const shown = this.history.at(-1)
    if (!shown) throw new Error("The page has shown nothing yet.")
    return shown
  }

  get history(): readonly Shown[] {
    return this.#process.history(this.#name)
  }

  get messages(): readonly ShownMessage[] {
    return this.shown.messages
  }

  /** The words of each message. */
  get texts(): string[] {
    return this.messages.map(textOf)
  }

  call(method: string, ...args: readonly unknown[]): Promise<void> {
    return this.ask("call", { method, args })
  }

  /** The same, until the client has done it. */
  done(method: string, ...args: readonly unknown[]): Promise<void> {
    return this.ask("done", { method, args })
  }

  say(text: string): Promise<void> {
    return this.call("sendMessage", { text })
  }

  ask<Result>(command: string, rest: object = {}): Promise<Result> {
    return this.#process.ask<Result>(command, { page: this.#name, ...rest })
  }

  until(condition: (shown: Shown) => boolean): Promise<void> {
    return this.#process.until(() => condition(this.shown))
  }

  ready(): Promise<void> {
    return this.until(({ status }) => status === "ready" || status === "error")
  }
}

export function textOf({ parts }: ShownMessage): string {
  return parts.map(({ type, text }) => (type === "text" ? text : "")).join("")
}

let made = 0
/** A chat that no other test uses. */
export const fresh = (): string => `chat-${++made}`

/** A page that uses a hook of the guide. */
export interface HookOptions {
  readonly port: number
  readonly chat: string
  readonly hook: "useSupportChat" | "useSharedChat"
  readonly user?: string
  readonly token?: string
}

export interface Stage {
  process(): StockProcess
  page(options: PageOptions): Promise<Page>
  mounted(options: HookOptions): Promise<Page>
}

/** The process for the tests of one file. Without a Node that it runs on, they are skipped. */
export function stage(): Stage {
  const node = node24()
  let started: StockProcess | undefined
  let pages = 0
  beforeAll(async () => {
    if (node !== undefined) started = await StockProcess.start(node)
  })
  beforeEach((test) => {
    if (node === undefined) test.skip()
  })
  afterAll(() => started?.stop())
  const running = () => {
    if (!started) throw new Error("The process is there within tests only.")
    return started
  }
  const opened = async (command: "open" | "mount", options: object) => {
    const name = `page-${++pages}`
    await running().ask(command, { page: name, ...options })
    return new Page(running(), name)
  }
  return {
    process: running,
    page: (options) => opened("open", options),
    mounted: (options) => opened("mount", options),
  }
}
