/** A conversation's state as this node knows it: its snapshot and the events after it, read on demand. */
import { bodyOf, type EventLog, pageMax } from "@everthread/engine"
import { type ConversationState, type Cursor, emptyState, reduce, startCursor } from "@everthread/protocol"

export class ConversationView {
  readonly #log: EventLog
  readonly #conversation: string
  #state: ConversationState = emptyState
  #cursor: Cursor = startCursor

  constructor(log: EventLog, conversation: string) {
    this.#log = log
    this.#conversation = conversation
  }

  get state(): ConversationState {
    return this.#state
  }

  get cursor(): Cursor {
    return this.#cursor
  }

  /** Reads up to the head. @returns the state there. */
  async refresh(): Promise<ConversationState> {
    if (this.#cursor === startCursor) await this.#loadSnapshot()
    while (await this.#readOn());
    return this.#state
  }

  async #loadSnapshot(): Promise<void> {
    const snapshot = await this.#log.snapshot(this.#conversation)
    if (snapshot) this.#replace(snapshot.cursor, snapshot.state)
  }

  #replace(cursor: Cursor, state: string): void {
    this.#cursor = cursor
    this.#state = JSON.parse(state) as ConversationState
  }

  /** @returns whether there is more. */
  async #readOn(): Promise<boolean> {
    const read = await this.#log.read(this.#conversation, this.#cursor, pageMax)
    switch (read.status) {
      case "no-conversation":
        return false
      case "trimmed":
        this.#replace(read.snapshot.cursor, read.snapshot.state)
        return true
      case "diverged":
        // The store rolled back under us: what we knew did not happen.
        if (read.snapshot) this.#replace(read.snapshot.cursor, read.snapshot.state)
        else this.#restart()
        return true
      case "tail":
        for (const entry of read.entries) this.#state = reduce(this.#state, { ...bodyOf(entry), seq: entry.seq })
        this.#cursor = read.cursor
        return read.more
    }
  }

  #restart(): void {
    this.#cursor = startCursor
    this.#state = emptyState
  }
}
