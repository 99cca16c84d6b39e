/**
 * The conversations of the user, as a list that is always there: it asks the server which there are, follows the newest
 * of them, and tells whoever watches only of what the list shows.
 *
 * Nobody tells a device that it was added to a conversation, so it asks again now and then, and whenever it comes back.
 */
import type { Client, ConversationView } from "@everthread/client"
import type { Clock, ConversationEntry, Timer } from "@everthread/protocol"
import { createStore, type Readable } from "../platform/store.ts"
import { byTime, type ListEntry, listEntry, sameEntry } from "./list-entry.ts"

/** What the list needs of a client. */
export type ListedClient = Pick<Client, "state" | "onState" | "conversations" | "conversation">

export interface ConversationListOptions {
  readonly client: ListedClient
  readonly clock: Clock
  readonly user: string
}

export interface ConversationListView {
  /** `false`: nobody has answered yet. */
  readonly isKnown: boolean
  readonly entries: readonly ListEntry[]
}

const refreshMs = 15_000
/** Of more of them the list knows the title only: each is a subscription, and a snapshot at the start. */
export const followedMax = 60

interface Row {
  readonly given: ConversationEntry
  entry: ListEntry
  stop(): void
}

export class ConversationList implements Readable<ConversationListView> {
  readonly #options: ConversationListOptions
  readonly #store = createStore<ConversationListView>({ isKnown: false, entries: [] })
  readonly #rows = new Map<string, Row>()
  #stopListening: (() => void) | undefined
  #timer: Timer | undefined
  #asking: Promise<void> | undefined

  constructor(options: ConversationListOptions) {
    this.#options = options
  }

  readonly snapshot = (): ConversationListView => this.#store.snapshot()
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener)

  start(): void {
    const { client } = this.#options
    let before = client.state.name
    this.#stopListening = client.onState(({ name }) => {
      if (name === "open" && before !== "open") void this.refresh()
      before = name
    })
    void this.refresh()
  }

  stop(): void {
    const { clock } = this.#options
    this.#stopListening?.()
    if (this.#timer) clock.stopTimer(this.#timer)
    for (const row of this.#rows.values()) row.stop()
    this.#rows.clear()
  }

  /** Asks which there are, once however many ask at the same time. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<void> {
    const { client, clock } = this.#options
    if (this.#timer) clock.stopTimer(this.#timer)
    try {
      this.#take(await client.conversations())
    } catch {
      // Without a connection it is asked again when there is one; what was known stays.
    }
    this.#timer = clock.startTimer(refreshMs, () => void this.refresh())
  }

  #take(given: readonly ConversationEntry[]): void {
    const ids = new Set(given.map(({ conversation }) => conversation))
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue
      row.stop()
      this.#rows.delete(id)
    }
    for (const entry of given) if (!this.#rows.has(entry.conversation)) this.#addRow(entry)
    this.#show()
  }

  #addRow(given: ConversationEntry): void {
    const { client, user } = this.#options
    if (this.#rows.size >= followedMax) {
      this.#rows.set(given.conversation, { given, entry: listEntry(given, undefined, user), stop: () => {} })
      return
    }
    const conversation = client.conversation(given.conversation)
    const stop = conversation.subscribe(() => this.#changed(given.conversation, conversation.snapshot()))
    this.#rows.set(given.conversation, { given, entry: listEntry(given, conversation.snapshot(), user), stop })
  }

  #changed(id: string, view: ConversationView): void {
    const row = this.#rows.get(id)
    if (!row) return
    const entry = listEntry(row.given, view, this.#options.user)
    if (sameEntry(row.entry, entry)) return
    row.entry = entry
    this.#show()
  }

  #show(): void {
    this.#store.set({ isKnown: true, entries: byTime([...this.#rows.values()].map(({ entry }) => entry)) })
  }
}
