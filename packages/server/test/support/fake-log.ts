/**
 * One conversation's log in memory, whose every step the test can hold back, fail, or watch: for what a good
 * store does only once in a blue moon.
 *
 * What is read is decided at one moment, between the two calls of `step`; listeners are told when the test
 * says so, in the log's order.
 */
import type {
  Appended,
  AppendResult,
  ArchivedMessage,
  CompactRequest,
  CreateResult,
  Entry,
  EventLog,
  LogListener,
  PageMax,
  ReadResult,
  Snapshot,
} from "@everthread/engine"
import {
  type ConversationState,
  type Cursor,
  type EventBody,
  emptyState,
  formatCursor,
  type LogEvent,
  reduceAll,
  seqOf,
  startCursor,
} from "@everthread/protocol"

const notHere = () => Promise.reject(new Error("This fake does not do that."))

export class FakeLog implements EventLog {
  entries: Entry[] = []
  held: Snapshot | undefined
  archive = new Map<number, string>()
  exists = true
  /** Calls of each operation, in order. */
  readonly calls: string[] = []
  /** Called before and after each operation looks at the log; what it throws, the operation throws. */
  step: (operation: string) => Promise<void> | void = () => undefined
  /** What listeners have not been told yet, oldest first. */
  readonly untold: Appended[] = []
  readonly #listeners = new Set<LogListener>()
  #lineage = "aaaaaaaa"

  get headNow(): Cursor {
    return this.entries.at(-1)?.cursor ?? startCursor
  }

  get listeners(): number {
    return this.#listeners.size
  }

  count(operation: string): number {
    return this.calls.filter((call) => call === operation).length
  }

  /** Stores the bodies, and leaves it to the test when listeners hear of it. */
  store(...bodies: readonly EventBody[]): Appended {
    const prev = this.headNow
    const entries = bodies.map((body, at): Entry => {
      const seq = seqOf(prev) + 1 + at
      return { cursor: formatCursor(seq, this.#lineage), seq, body: JSON.stringify(body) }
    })
    this.entries.push(...entries)
    const appended = { conversation: "c", prev, entries }
    this.untold.push(appended)
    return appended
  }

  /** Stores, and tells listeners at once. */
  write(...bodies: readonly EventBody[]): void {
    this.store(...bodies)
    this.tellAll()
  }

  tell(): void {
    const appended = this.untold.shift()
    if (appended) for (const listener of [...this.#listeners]) listener.appended(appended)
  }

  tellAll(): void {
    while (this.untold.length > 0) this.tell()
  }

  tellEphemeral(body: string): void {
    for (const listener of [...this.#listeners]) listener.ephemeral("c", body)
  }

  /** Tells whoever listens that the store was out of touch. */
  tellMissed(): void {
    for (const listener of [...this.#listeners]) listener.missed("c")
  }

  /** The store falls back to an older moment and goes on from there: another history. */
  rollBackTo(seq: number, lineage: string): void {
    this.entries = this.entries.filter((entry) => entry.seq <= seq)
    this.#lineage = lineage
    this.untold.length = 0
  }

  /** Snapshots up to a seq, and forgets the entries up to another. */
  trim(snapshotSeq: number, throughSeq: number): void {
    const cursor = this.#all.find((entry) => entry.seq === snapshotSeq)?.cursor ?? startCursor
    this.held = { cursor, state: JSON.stringify(this.stateAt(snapshotSeq)) }
    this.#trimmed.push(...this.entries.filter((entry) => entry.seq <= throughSeq))
    this.entries = this.entries.filter((entry) => entry.seq > throughSeq)
  }

  readonly #trimmed: Entry[] = []

  get #all(): Entry[] {
    return [...this.#trimmed, ...this.entries]
  }

  stateAt(seq: number): ConversationState {
    return reduceAll(emptyState, this.#all.filter((entry) => entry.seq <= seq).map(eventOf))
  }

  async #operate<T>(operation: string, look: () => T): Promise<T> {
    this.calls.push(operation)
    await this.step(operation)
    const result = look()
    await this.step(`${operation} answered`)
    return result
  }

  read(_conversation: string, after: Cursor, max: PageMax): Promise<ReadResult> {
    return this.#operate("read", (): ReadResult => {
      const head = this.headNow
      if (!this.exists) return { status: "no-conversation" }
      const seq = seqOf(after)
      const trimmedSeq = this.#trimmed.at(-1)?.seq ?? 0
      if (seq > seqOf(head)) return { status: "diverged", snapshot: this.held, head }
      if (seq < trimmedSeq && this.held) return { status: "trimmed", snapshot: this.held, head }
      if (after !== startCursor && !this.#all.some((entry) => entry.cursor === after))
        return { status: "diverged", snapshot: this.held, head }
      const tail = this.entries.filter((entry) => entry.seq > seq)
      const entries = firstOf(tail, max)
      const cursor = entries.at(-1)?.cursor ?? after
      return { status: "tail", prev: after, cursor, entries, head, more: entries.length < tail.length }
    })
  }

  head(): Promise<Cursor | undefined> {
    return this.#operate("head", () => (this.exists ? this.headNow : undefined))
  }

  snapshot(): Promise<Snapshot | undefined> {
    return this.#operate("snapshot", () => this.held)
  }

  compact({ snapshot, archive }: CompactRequest): Promise<boolean> {
    return this.#operate("compact", () => {
      this.held = snapshot
      for (const { seq, body } of archive) if (body !== null) this.archive.set(seq, body)
      return true
    })
  }

  archived(_conversation: string, before: number, max: number): Promise<readonly ArchivedMessage[]> {
    const all = [...this.archive].map(([seq, body]) => ({ seq, body })).sort((a, b) => a.seq - b.seq)
    return this.#operate("archived", () => all.filter(({ seq }) => seq < before).slice(-max))
  }

  archivedAfter(_conversation: string, after: number, max: number): Promise<readonly ArchivedMessage[]> {
    const all = [...this.archive].map(([seq, body]) => ({ seq, body })).sort((a, b) => a.seq - b.seq)
    return this.#operate("archivedAfter", () => all.filter(({ seq }) => seq > after).slice(0, max))
  }

  archivedCount(): Promise<number> {
    return this.#operate("archivedCount", () => this.archive.size)
  }

  cutArchive(_conversation: string, upTo: number, max: number): Promise<number> {
    return this.#operate("cutArchive", () => {
      const cut = [...this.archive.keys()].filter((seq) => seq <= upTo).slice(0, max)
      for (const seq of cut) this.archive.delete(seq)
      return cut.length
    })
  }

  async listen(_conversation: string, listener: LogListener): Promise<() => void> {
    await this.step("listen")
    this.#listeners.add(listener)
    await this.step("listen answered")
    return () => this.#listeners.delete(listener)
  }

  create = (): Promise<CreateResult> => notHere()
  append = (): Promise<AppendResult> => notHere()
  repeated = () => notHere()
  value = () => notHere()
  publish = () => notHere()
}

/** As many as the page allows, and one at least. */
function firstOf(tail: readonly Entry[], { entriesMax, charsMax }: PageMax): Entry[] {
  let chars = 0
  const tooMany = tail.findIndex((entry, index) => {
    chars += entry.body.length
    return index >= entriesMax || (index > 0 && chars > charsMax)
  })
  return tail.slice(0, tooMany < 0 ? tail.length : tooMany)
}

export function eventOf(entry: Entry): LogEvent {
  return { ...JSON.parse(entry.body), seq: entry.seq } as LogEvent
}
