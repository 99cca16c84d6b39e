/**
 * Pages of older messages, brought back one at a time, and what a conversation shows with them.
 *
 * A page that was asked for before a snapshot dropped the pages belongs before something that is gone: it is left out.
 */
import type { ChatMessage, ConversationState, LogEvent, ResultOf, Seq } from "@everthread/protocol"
import { allMessages, nextPageEnd, type Paged, pagedAfter, withPage } from "./paged.ts"

export interface OlderPagesOptions {
  /** What the log adds up to now. */
  state(): ConversationState
  /** @param before where the page ends; absent: at the newest. @param limit how many messages at most. */
  read(before: Seq | undefined, limit: number | undefined): Promise<ResultOf<"history">>
  changed(): void
}

export class OlderPages {
  readonly #options: OlderPagesOptions
  #paged: Paged | undefined
  #loading: Promise<boolean> | undefined

  constructor(options: OlderPagesOptions) {
    this.#options = options
  }

  /** @returns whether there are older messages still. Who asks while a page is on its way waits for that one. */
  load(limit: number | undefined): Promise<boolean> {
    this.#loading ??= this.#load(limit).finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  drop(): void {
    this.#paged = undefined
  }

  /** @param state before the events. */
  takeIn(state: ConversationState, events: readonly LogEvent[]): void {
    if (this.#paged) this.#paged = pagedAfter(this.#paged, state, events)
  }

  /** What is held; another object whenever it has changed. */
  get held(): Paged | undefined {
    return this.#paged
  }

  /** Whether there are older messages than those that are held. */
  get more(): boolean {
    return this.#paged?.more ?? this.#options.state().older
  }

  /** Everything that is held, here and in the state, oldest first. */
  messages(): readonly ChatMessage[] {
    return allMessages(this.#paged, this.#options.state())
  }

  async #load(limit: number | undefined): Promise<boolean> {
    const state = this.#options.state()
    const before = nextPageEnd(this.#paged, state)
    // What leaves the state while the page is on its way joins the pages: the page will not have it.
    if (before !== undefined) this.#paged ??= { from: before, messages: [], more: state.older }
    const asked = this.#paged
    const page = await this.#options.read(before, limit)
    if (asked !== undefined && this.#paged === undefined) return true
    this.#paged = withPage(this.#paged, this.#options.state(), page.messages, page.more)
    this.#options.changed()
    return page.more
  }
}
