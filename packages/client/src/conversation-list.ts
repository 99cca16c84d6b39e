/**
 * The user's conversations as a list that is always there: which there are, and what is new in each.
 *
 * It asks when a connection opens, when the server says that the user was added or removed, and when it is told to.
 * However many ask at a time, there is one question under way and one behind it: what was told while a question was under way
 * may be missing in its answer. (SPEC CON8)
 */
import type { Clock, ConversationEntry, Random, Timer } from "@everthread/protocol"
import type { ConnectionState } from "./connection-state.ts"
import type { Conversation } from "./conversation.ts"
import type { ConversationView } from "./conversation-view.ts"
import { clientLimits } from "./limits.ts"
import { isUnread, readUpTo } from "./unread.ts"

export interface ListedConversation extends ConversationEntry {
  /** What is known of it; `undefined` for one that is not followed. */
  readonly view: ConversationView | undefined
  /** Messages of others that the user has not read; 0 while nothing is known of it. */
  readonly unread: number
}

export interface ConversationListView {
  /** `false`: nobody has answered yet. */
  readonly isKnown: boolean
  /** In no order that matters. */
  readonly conversations: readonly ListedConversation[]
}

/** What it needs of a client. */
export interface ListedClient {
  readonly state: ConnectionState
  /** As the server knows them; `undefined` before the first welcome. */
  readonly user: string | undefined
  onState(listener: (state: ConnectionState) => void): () => void
  onMembership(listener: (conversation: string | undefined) => void): () => void
  conversations(): Promise<readonly ConversationEntry[]>
  conversation(id: string): Conversation
  /** Follows it again, if the server had said no. */
  reopen(id: string): void
}

export interface ConversationListSetup {
  readonly client: ListedClient
  readonly clock: Clock
  readonly random: Random
  /** Of the conversations that the first answer names, how many are followed; without it, `clientLimits.listFollowedMax`. */
  readonly followedMax?: number
}

interface Row {
  listed: ListedConversation
  stop: (() => void) | undefined
}

export class ConversationList {
  readonly #setup: ConversationListSetup
  readonly #rows = new Map<string, Row>()
  readonly #listeners = new Set<() => void>()
  readonly #stops: (() => void)[]
  #view: ConversationListView = { isKnown: false, conversations: [] }
  #asking: Promise<void> | undefined
  #isOwed = false
  #later: Timer | undefined
  /** Which are followed however many there are: what the user was added to, or looks at. */
  readonly #wanted = new Set<string>()

  /** @internal `client.list()` makes them. */
  constructor(setup: ConversationListSetup) {
    this.#setup = setup
    const { client } = setup
    let before = client.state.name
    this.#stops = [
      client.onState(({ name }) => {
        if (name === "open" && before !== "open") void this.refresh()
        before = name
      }),
      client.onMembership((conversation) => this.#told(conversation)),
    ]
    if (before === "open") void this.refresh()
  }

  /** What to show: immutable, and the same object for as long as nothing has changed. */
  readonly snapshot = (): ConversationListView => this.#view

  /** Calls `listener` after each change of `snapshot()`. @returns stops it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Asks which there are. Need not be called: for a page that was asleep. */
  refresh(): Promise<void> {
    this.#isOwed = true
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** Follows one of them, however many there are: whoever looks at it wants to see it in the list, too. */
  follow(conversation: string): void {
    this.#wanted.add(conversation)
    const row = this.#rows.get(conversation)
    if (row && !row.stop) this.#follow(row)
  }

  /** It changes no more. What it followed is still followed by the client. */
  close(): void {
    if (this.#later) this.#setup.clock.stopTimer(this.#later)
    for (const stop of this.#stops) stop()
    for (const { stop } of this.#rows.values()) stop?.()
    this.#rows.clear()
  }

  /** A node that was out of touch tells everybody at once: they need not all ask at once. */
  #told(conversation: string | undefined): void {
    if (conversation !== undefined) {
      this.#wanted.add(conversation)
      return void this.refresh()
    }
    const { clock, random } = this.#setup
    this.#later ??= clock.startTimer(random.fraction() * clientLimits.listJitterMs, () => {
      this.#later = undefined
      void this.refresh()
    })
  }

  async #ask(): Promise<void> {
    while (this.#isOwed) {
      this.#isOwed = false
      try {
        this.#take(await this.#setup.client.conversations())
      } catch {
        // Without a connection it is asked again when there is one; what was known stays.
      }
    }
  }

  #take(given: readonly ConversationEntry[]): void {
    const ids = new Set(given.map(({ conversation }) => conversation))
    for (const [id, row] of this.#rows) {
      if (ids.has(id)) continue
      row.stop?.()
      this.#rows.delete(id)
    }
    for (const entry of given) this.#takeEntry(entry)
    this.#show()
  }

  #takeEntry(entry: ConversationEntry): void {
    const known = this.#rows.get(entry.conversation)
    if (known) {
      known.listed = { ...known.listed, ...entry }
      return
    }
    const row: Row = { listed: { ...entry, view: undefined, unread: 0 }, stop: undefined }
    this.#rows.set(entry.conversation, row)
    // Whoever looked at it before it was theirs, or while it was not any more, was told no.
    this.#setup.client.reopen(entry.conversation)
    const { followedMax = clientLimits.listFollowedMax } = this.#setup
    if (this.#rows.size <= followedMax || this.#wanted.has(entry.conversation)) this.#follow(row)
  }

  #follow(row: Row): void {
    const conversation = this.#setup.client.conversation(row.listed.conversation)
    const look = () => {
      row.listed = this.#listed(row.listed, conversation.snapshot())
    }
    row.stop = conversation.subscribe(() => {
      look()
      this.#show()
    })
    look()
  }

  #listed(listed: ListedConversation, view: ConversationView): ListedConversation {
    const { user = "" } = this.#setup.client
    const upTo = readUpTo(view.state.receipts, user)
    return { ...listed, view, unread: view.messages.filter((message) => isUnread(message, user, upTo)).length }
  }

  #show(): void {
    this.#view = { isKnown: true, conversations: [...this.#rows.values()].map(({ listed }) => listed) }
    for (const listener of [...this.#listeners]) listener()
  }
}
