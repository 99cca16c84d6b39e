/** The process in which the AI SDK's own classes run, and what each of its pages shows. */
import { type ChildProcess, spawn } from "node:child_process"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export interface UIPart {
  readonly type: string
  readonly text?: string
  readonly state?: string
  readonly toolCallId?: string
  readonly approval?: { readonly id: string; readonly approved?: boolean }
  readonly [field: string]: unknown
}

export interface ShownMessage {
  readonly id: string
  readonly role: string
  readonly parts: readonly UIPart[]
  readonly metadata?: { readonly everthread: Record<string, unknown> }
}

export interface Shown {
  readonly messages: readonly ShownMessage[]
  readonly status: "submitted" | "streaming" | "ready" | "error"
  readonly error?: string
  /** Connections that it has made, and frames that it has sent. */
  readonly sockets: number
  readonly sent: number
  readonly data: readonly { readonly type: string; readonly data: unknown }[]
  readonly finished: readonly Record<string, unknown>[]
}

interface Line {
  readonly id?: number
  readonly page?: string
  readonly shown?: Shown
  readonly result?: unknown
  readonly error?: string
  readonly ready?: true
}

export class StockProcess {
  readonly #child: ChildProcess
  readonly #shown = new Map<string, Shown[]>()
  readonly #answers = new Map<number, (line: Line) => void>()
  readonly #looks = new Set<() => void>()
  #asked = 0

  private constructor(child: ChildProcess, ready: () => void) {
    this.#child = child
    if (!child.stdout) throw new Error("no output")
    createInterface({ input: child.stdout }).on("line", (text) => {
      const line = JSON.parse(text) as Line
      if (line.ready) ready()
      if (line.page !== undefined && line.shown) this.history(line.page).push(line.shown)
      if (line.id !== undefined) this.#answers.get(line.id)?.(line)
      for (const look of [...this.#looks]) look()
    })
  }

  /** @param node the program that runs it. */
  static start(node: string): Promise<StockProcess> {
    const script = fileURLToPath(new URL("stock-page.mjs", import.meta.url))
    const child = spawn(node, ["--conditions=everthread:source", script], { stdio: ["pipe", "pipe", "inherit"] })
    return new Promise((resolve, reject) => {
      child.on("error", reject)
      const started: StockProcess = new StockProcess(child, () => resolve(started))
    })
  }

  /** Everything that a page has shown, oldest first. */
  history(page: string): Shown[] {
    const known = this.#shown.get(page) ?? []
    this.#shown.set(page, known)
    return known
  }

  async ask<Result>(command: string, rest: object): Promise<Result> {
    const id = ++this.#asked
    const answer = new Promise<Line>((resolve) => this.#answers.set(id, resolve))
    this.#child.stdin?.write(`${JSON.stringify({ id, command, ...rest })}\n`)
    const line = await answer
    this.#answers.delete(id)
    if (line.error !== undefined) throw new Error(line.error)
    return line.result as Result
  }

  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return
        this.#looks.delete(look)
        resolve()
      }
      this.#looks.add(look)
      look()
    })
  }

  stop(): void {
    this.#child.kill("SIGKILL")
  }
}
