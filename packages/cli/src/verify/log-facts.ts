/**
 * What one walk through a conversation's log comes to: the states that it adds up to, and what it says of checkpoints,
 * keys and members, for the checks that compare that with the rest of the store. (SPEC VER2, VER3)
 */
import type { Entry } from "@everthread/engine"
import { type Cursor, emptyState, type LogEvent, type Seq, seqOf } from "@everthread/protocol"
import type { Report } from "./finding.ts"
import { Replay } from "./replay.ts"
import type { StoredSnapshot } from "./stored-snapshot.ts"
import { standIn } from "./tail-replay.ts"

/** A message that was sent with an idempotency key. */
export interface KeyedMessage {
  readonly seq: Seq
  readonly cursor: Cursor
  readonly key: string
  readonly time: number
}

/** That the log names a checkpoint of a root graph. */
export interface NamedCheckpoint {
  readonly run: string
  readonly checkpoint: string
  readonly time: number
}

/** Of a log that nothing has trimmed for long the newest are looked at. */
const factsMax = 5_000

export class LogFacts {
  /** What the log behind the snapshot adds up to, from its beginning, or from where it is kept. */
  readonly behind: Replay
  /** The snapshot and everything after it. */
  readonly current: Replay
  readonly keyed: KeyedMessage[] = []
  readonly named: NamedCheckpoint[] = []
  readonly removed = new Set<string>()
  /** By run, as far as the kept log says. */
  readonly agents = new Map<string, string>()
  entries = 0
  /** The cursor of the entry at the snapshot's place. */
  snapshotPlace: Cursor | undefined
  readonly #keptAfter: Cursor
  readonly #snapshot: StoredSnapshot | undefined
  readonly #report: Report

  constructor(keptAfter: Cursor, snapshot: StoredSnapshot | undefined, report: Report) {
    this.#keptAfter = keptAfter
    this.#snapshot = snapshot
    this.#report = report
    const from = seqOf(keptAfter)
    this.behind = new Replay(snapshot && from > 0 ? standIn(snapshot.state, from) : emptyState)
    this.current = new Replay(snapshot?.state ?? emptyState)
    if (snapshot?.seq === from) this.snapshotPlace = keptAfter
  }

  get isWhole(): boolean {
    return seqOf(this.#keptAfter) === 0
  }

  take(entry: Entry): void {
    this.entries += 1
    const snapshotSeq = this.#snapshot?.seq ?? 0
    if (entry.seq === snapshotSeq) this.snapshotPlace = entry.cursor
    const event = this.#read(entry)
    if (!event) return
    try {
      if (entry.seq <= snapshotSeq) this.behind.push(event)
      else this.current.push(event)
    } catch (error) {
      this.#report("log-unreadable", entry.seq, `it cannot be applied (${messageOf(error)})`)
    }
    this.#note(entry, event)
  }

  #read(entry: Entry): LogEvent | undefined {
    try {
      const event = Object.assign(JSON.parse(entry.body), { seq: entry.seq }) as LogEvent
      if (typeof event.type === "string") return event
      this.#report("log-unreadable", entry.seq, "it has no type")
    } catch (error) {
      this.#report("log-unreadable", entry.seq, messageOf(error))
    }
    return undefined
  }

  #note(entry: Entry, event: LogEvent): void {
    switch (event.type) {
      case "message": {
        const { by, key, time } = event
        keep(this.keyed, { seq: entry.seq, cursor: entry.cursor, key: `${by.user} ${by.device} ${key}`, time })
        return
      }
      case "run.queued":
        this.agents.set(event.run, event.agent)
        return
      case "member.removed":
        this.removed.add(event.user)
        return
      case "redaction":
      case "expired":
        if (entry.seq <= (this.#snapshot?.seq ?? 0)) this.#report("log-taken-back", entry.seq, event.type)
        return
      case "agent": {
        const id = event.data["id"]
        const isName = event.method === "checkpoints" && event.ns.length === 0 && typeof id === "string"
        if (isName) keep(this.named, { run: event.run, checkpoint: id, time: event.time })
        return
      }
    }
  }
}

function keep<T>(list: T[], item: T): void {
  list.push(item)
  if (list.length > factsMax) list.splice(0, factsMax / 2)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
