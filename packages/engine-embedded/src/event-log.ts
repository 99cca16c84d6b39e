/** The port of the event log on the store: decisions are in append.ts, read.ts and compact.ts. */
import type { AppendRequest, AppendResult, EventLog, MemberChange, RunChange } from "@everthread/engine"
import type { Listeners } from "@everthread/engine/parts"
import type { Clock } from "@everthread/protocol"
import { append, create, type Moment, type Outcome } from "./append.ts"
import { appendWith, type Beside } from "./append-with.ts"
import { compact, cutArchive } from "./compact.ts"
import { getValue } from "./facts.ts"
import { cursorOf, getHead } from "./head.ts"
import { findKey } from "./idempotency.ts"
import { countArchive, getSnapshot, readArchive, readArchiveAfter, readLog } from "./read.ts"
import type { Store } from "./store.ts"
import type { Tables } from "./tables.ts"

export interface EmbeddedEventLog extends EventLog {
  /** Appends, and writes something beside the log in the same transaction. */
  appendWith(request: AppendRequest, beside: Beside): Promise<AppendResult>
}

export interface EventLogSetup {
  readonly store: Store
  readonly clock: Clock
  readonly listeners: Listeners
  /** How long an idempotency key is remembered, in milliseconds. */
  readonly keyTtlMs: number
  /** Called after runs were opened or done, once that is durable. */
  readonly runsChanged: (conversation: string, changes: readonly RunChange[]) => void
  /** Called after members came, went or changed, once that is durable. */
  readonly membersChanged: (conversation: string, changes: readonly MemberChange[]) => void
}

export function eventLog({
  store,
  clock,
  listeners,
  keyTtlMs,
  runsChanged,
  membersChanged,
}: EventLogSetup): EmbeddedEventLog {
  const moment = (): Moment => ({ now: clock.now(), keyTtlMs })
  const tell = (outcome: Outcome<unknown>) => {
    if (outcome.appended) listeners.appended(outcome.appended)
  }
  const stored = async (request: AppendRequest, change: (tables: Tables) => Outcome<AppendResult>) => {
    const outcome = await store.write(change, (done) => {
      tell(done)
      if (done.appended && request.runs) runsChanged(request.conversation, request.runs)
      if (done.appended && request.members) membersChanged(request.conversation, request.members)
    })
    return outcome.result
  }
  return {
    async create(request) {
      const outcome = await store.write(
        (tables) => create(tables, request, moment()),
        (done) => {
          tell(done)
          if (done.appended) membersChanged(request.conversation, request.members)
        },
      )
      return outcome.result
    },
    append: (request) => stored(request, (tables) => append(tables, request, moment())),
    appendWith: (request, beside) => stored(request, (tables) => appendWith(tables, request, beside, moment())),
    read: async (conversation, after, max) => store.read((tables) => readLog(tables, conversation, after, max)),
    head: async (conversation) =>
      store.read((tables) => {
        const head = getHead(tables, conversation)
        return head && cursorOf(head)
      }),
    snapshot: async (conversation) => store.read((tables) => getSnapshot(tables, conversation)),
    compact: async (request) => store.write((tables) => compact(tables, request)),
    archived: async (conversation, before, max) =>
      store.read((tables) => readArchive(tables, conversation, before, max)),
    archivedAfter: async (conversation, after, max) =>
      store.read((tables) => readArchiveAfter(tables, conversation, after, max)),
    archivedCount: async (conversation) => store.read((tables) => countArchive(tables, conversation)),
    cutArchive: async (conversation, upTo, max) => store.write((tables) => cutArchive(tables, conversation, upTo, max)),
    repeated: async (conversation, key) => store.read((tables) => findKey(tables, conversation, key, clock.now())),
    value: async (conversation, name) => store.read((tables) => getValue(tables, conversation, name)),
    async listen(conversation, listener) {
      store.assertOpen()
      return listeners.add(conversation, listener)
    },
    async publish(conversation, body) {
      store.assertOpen()
      listeners.ephemeral(conversation, body)
      return true
    },
  }
}
