/**
 * The port of the event log on Redis.
 *
 * With durability `replicated` whatever people see waits for the replicas. `head` is compared and never shown, and a
 * snapshot and the archive hold only what was read or told before they were written: these three need not wait.
 * docs/decisions/0015-reads-that-wait-for-replicas.md
 */
import type { EventLog, MemberChange, RunChange } from "@everthread/engine"
import type { Delivery } from "../delivery/delivery.ts"
import { shownWhen } from "../durability/shown.ts"
import type { Keys } from "../keys.ts"
import type { Store } from "../store.ts"
import { append, create, type KeyPeriods } from "./append.ts"
import { archivedAfter, archivedBefore, archivedCount, cutArchive } from "./archive.ts"
import { compact, headOf, metaFields, readLog, repeated, snapshotAndHead } from "./read.ts"

export interface EventLogSetup {
  readonly store: Store
  readonly keys: Keys
  readonly periods: KeyPeriods
  readonly delivery: Delivery
  /** Resolves when everything that was answered so far is as durable as was asked for. */
  readonly durable: (partition: number) => Promise<void>
  /** Called after runs were opened or done by this node. */
  readonly runsChanged: (conversation: string, changes: readonly RunChange[]) => void
  /** Called after members came, went or changed through this node. */
  readonly membersChanged: (conversation: string, changes: readonly MemberChange[]) => void
}

export function eventLog(setup: EventLogSetup): EventLog {
  const { store, keys, periods, delivery, durable, runsChanged, membersChanged } = setup
  const shown = shownWhen(durable)
  return {
    async create(request) {
      const result = await create(store, keys, periods, request)
      await durable(keys.partitionOf(request.conversation))
      if (result.status !== "exists") membersChanged(request.conversation, request.members)
      return result
    },
    async append(request) {
      const result = await append(store, keys, periods, request)
      // A repeat too: the first one's answer may never have come, because it was not yet durable.
      if (result.status === "appended" || result.status === "duplicate") {
        await durable(keys.partitionOf(request.conversation))
        if (request.runs) runsChanged(request.conversation, request.runs)
        if (request.members) membersChanged(request.conversation, request.members)
      }
      // Somebody is told who was first.
      if (result.status === "unexpected") await shown(keys.partitionOf(request.conversation))
      return result
    },
    async read(conversation, after, max) {
      const result = await readLog(store, keys, conversation, after, max)
      // Whatever is shown stays: also what somebody else appended, and is still waiting for. (SPEC STO5)
      await shown(keys.partitionOf(conversation))
      return result
    },
    async head(conversation) {
      const [state] = await metaFields(store, keys, conversation, ["s"])
      return headOf(state)
    },
    snapshot: async (conversation) => (await snapshotAndHead(store, keys, conversation)).snapshot,
    compact: (request) => compact(store, keys, periods, request),
    archived: (conversation, before, max) => archivedBefore(store, keys, conversation, before, max),
    archivedAfter: (conversation, after, max) => archivedAfter(store, keys, conversation, after, max),
    archivedCount: (conversation) => archivedCount(store, keys, conversation),
    cutArchive: (conversation, upTo, max) => cutArchive(store, keys, conversation, upTo, max),
    async repeated(conversation, key) {
      const first = await repeated(store, keys, periods, conversation, key)
      // What it stands for is acknowledged by it, a second time or the first. (SPEC ACK1)
      if (first) await shown(keys.partitionOf(conversation))
      return first
    },
    async value(conversation, name) {
      const [value] = await metaFields(store, keys, conversation, [`v:${name}`])
      await shown(keys.partitionOf(conversation))
      return value ?? null
    },
    listen: (conversation, listener) => delivery.listen(conversation, listener),
    publish: (conversation, body) => delivery.publish(conversation, body),
  }
}
