/**
 * One chat: what the conversation shows goes to the screen, what is typed goes to the conversation.
 *
 * It redraws at most once in a turn of the event loop, however many frames came in it.
 */

import { type Client, type Conversation, type ConversationView, RequestError } from "@everthread/client"
import { isOpen, systemClock } from "@everthread/protocol"
import { runCommand } from "./commands.ts"
import { jsonLinesOf } from "./json-lines.ts"
import { type LineOptions, linesOf, notice } from "./lines.ts"
import { liveRows } from "./live-region.ts"
import { newsOf, type Told } from "./news.ts"
import type { ChatMode } from "./options.ts"
import { tryAgain } from "./reach.ts"
import type { Screen } from "./screen.ts"
import { isRunOf, standingsOf, standingText } from "./standing.ts"
import { statusText } from "./status-text.ts"

export interface ChatParts {
  readonly client: Client
  readonly conversation: Conversation
  readonly screen: Screen
  readonly mode: ChatMode
  readonly agent: string | undefined
  readonly lines: LineOptions
  commandFor(conversation: string): string
  size(): { readonly columns: number; readonly rows: number }
  ended(end: ChatEnd): void
}

export type ChatEnd =
  | { readonly kind: "done" }
  /** The server does not accept our token any more, and nobody is there to change it. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Whoever waited for the answers waits no longer; so many messages have not even reached the log. */
  | { readonly kind: "unanswered"; readonly notStored: number }

const done: ChatEnd = { kind: "done" }

/** The conversation was made with an agent that is served no more. */
const isUnserved = (error: unknown): boolean => error instanceof RequestError && error.error.field === "agent"

/** Rows of the screen that the live region leaves alone. */
const rowsLeft = 4

export class Chat {
  readonly #parts: ChatParts
  readonly #self: string
  #told: Told = new Map()
  /** It has been up to date once: from then on, whatever comes is news. */
  #arrived = false
  #status = ""
  /** Where each run stood when that was last told, by its id. */
  #standings: ReadonlyMap<string, string> = new Map()
  /** Lines to be added with the next drawing. */
  #lines: string[] = []
  #drawing = false
  /** Nothing more will be typed: it ends when everything is said. */
  #finishing = false
  #over = false

  constructor(parts: ChatParts) {
    this.#parts = parts
    this.#self = `${parts.lines.user}/${parts.client.device}`
    parts.conversation.subscribe(() => this.#changed())
    parts.client.onState(() => this.#changed())
    if (parts.mode === "json") void this.#followAsJson()
    this.#changed()
  }

  /** A line was typed. */
  typed(line: string): void {
    const { client, conversation, agent, lines } = this.#parts
    tryAgain(client, client.state)
    if (line.trim() === "") return
    const doing = line.startsWith("/")
      ? runCommand(this.#commandContext(), line)
      : conversation.send(line, agent === undefined ? {} : { agent })
    doing.catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error)
      const refused = conversation.snapshot().pending.filter(({ status }) => status === "failed")
      if (refused.length === 0) this.say(reason)
      const served = isUnserved(error) && client.state.name === "open" ? client.state.welcome.agents[0] : undefined
      // Said once, and not kept below: whoever wants it sent after all types it again.
      for (const { key, text, error: why } of refused) {
        this.say(lines.texts.refused(text, why?.message ?? reason))
        conversation.discard(key)
      }
      if (served !== undefined) this.say(lines.texts.otherAgent(served))
    })
  }

  /** Something is being typed. */
  typing(line: string): void {
    this.#parts.conversation.typing(line !== "" && !line.startsWith("/"))
  }

  say(text: string): void {
    const { mode, lines } = this.#parts
    this.#add(mode === "json" ? JSON.stringify({ type: "notice", text }) : notice(text, lines))
  }

  /** Ends when everything that was typed is stored, shown and answered; on a screen, at once. */
  finish(): void {
    this.#finishing = true
    if (this.#parts.mode === "screen") this.#end(done)
    else this.#changed()
  }

  /** Ends whatever is still unanswered. */
  giveUp(): void {
    const pending = this.#parts.conversation.snapshot().pending.filter(({ status }) => status !== "failed")
    this.#end({ kind: "unanswered", notStored: pending.length })
  }

  #commandContext() {
    const { client, conversation, agent, lines, commandFor } = this.#parts
    const say = (text: string) => this.say(text)
    return { client, conversation, agent, texts: lines.texts, say, commandFor, quit: () => this.finish() }
  }

  #add(...lines: string[]): void {
    this.#lines.push(...lines)
    this.#changed()
  }

  #changed(): void {
    if (this.#drawing || this.#over) return
    this.#drawing = true
    systemClock.endOfTick(() => {
      this.#drawing = false
      if (!this.#over) this.#draw()
    })
  }

  #draw(): void {
    const { conversation, mode, screen } = this.#parts
    const view = conversation.snapshot()
    this.#tellStatus(view)
    if (mode !== "json" && view.cursor !== undefined) this.#tellNews(view)
    if (mode === "plain") this.#tellStandings(view)
    const lines = this.#lines
    this.#lines = []
    screen.show(lines, mode === "screen" ? this.#liveRows(view) : [])
    const reason = this.#refusal()
    if (reason !== undefined) this.#end({ kind: "refused", reason })
    else if (view.status === "closed" || (this.#finishing && this.#isSettled(view))) this.#end(done)
  }

  /** Where lines stay, each change of the connection is one; on a screen it stands in the live region. */
  #tellStatus(view: ConversationView): void {
    if (view.status === this.#status) return
    this.#status = view.status
    const { mode, lines, client } = this.#parts
    const text = statusText(view, client.state, lines.texts)
    if (mode === "json") this.#lines.push(JSON.stringify({ type: "status", status: view.status }))
    else if (mode === "plain" || view.status === "closed") this.#lines.push(notice(text, lines))
  }

  #tellNews(view: ConversationView): void {
    const { news, told } = newsOf(this.#told, view, !this.#arrived)
    this.#told = told
    this.#arrived ||= view.status === "live"
    for (const each of news) {
      const own = (each.kind === "came" || each.kind === "left") && `${each.by.user}/${each.by.device}` === this.#self
      if (!own) this.#lines.push(...linesOf(each, this.#parts.lines))
    }
  }

  /** Each change of where our runs stand is a line; on a screen that stands in the live region. */
  #tellStandings(view: ConversationView): void {
    const { lines } = this.#parts
    const own = standingsOf(view).filter(({ run }) => isRunOf(this.#self, run))
    const standings = own.map((each) => [each.run.id, standingText(each, lines.texts)] as const)
    for (const [run, text] of standings) {
      if (this.#standings.get(run) !== text) this.#lines.push(notice(text, lines))
    }
    this.#standings = new Map(standings)
  }

  /** On a screen somebody sees it, and may know better. */
  #refusal(): string | undefined {
    const { mode, client } = this.#parts
    return mode !== "screen" && client.state.name === "unauthorized" ? client.state.reason : undefined
  }

  #liveRows(view: ConversationView): string[] {
    const { size, lines, client } = this.#parts
    const { columns, rows } = size()
    const text = statusText(view, client.state, lines.texts)
    const hint = view.status === "offline" ? `; ${lines.texts.retryHint}` : ""
    const status = view.status === "live" ? undefined : text + hint
    return liveRows(view, { ...lines, columns, self: this.#self, rowsMax: rows - rowsLeft, status })
  }

  /** Whether everything from here is in the log, and every run that it asked for has come to rest. */
  #isSettled({ pending, state }: ConversationView): boolean {
    const own = state.runs.filter((run) => isRunOf(this.#self, run))
    // One that was taken in by another run is answered there.
    const ids = new Set(own.map(({ id, into }) => into ?? id))
    const busy = state.runs.some((run) => isOpen(run) && run.status !== "waiting" && ids.has(run.id))
    return !busy && pending.every(({ status }) => status === "failed")
  }

  async #followAsJson(): Promise<void> {
    for await (const update of this.#parts.conversation.events()) this.#add(...jsonLinesOf(update))
  }

  #end(end: ChatEnd): void {
    if (this.#over) return
    this.#over = true
    this.#parts.screen.end()
    this.#parts.ended(end)
  }
}
