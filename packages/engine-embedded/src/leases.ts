/**
 * The port of ownership on the store.
 *
 * Heartbeats live in memory: the folder belongs to one process, so every node but this one's is a process that
 * has ended. Such a node counts 0, which by contract means gone, and nobody waits for it.
 */
import type { ClaimRequest, Fence, Leases, OpenRun, RunChange } from "@everthread/engine"
import { listenerSet } from "@everthread/engine/parts"
import { announcements } from "./announcements.ts"
import type { OpenRunRecord } from "./facts.ts"
import { getHead, isCurrentFence, putHead } from "./head.ts"
import { openRunKey, openRuns } from "./keys.ts"
import type { Store } from "./store.ts"
import { getJson, type Tables, under } from "./tables.ts"

export interface EmbeddedLeases extends Leases {
  /** For the event log: runs were opened or done by an append. */
  runsChanged(conversation: string, changes: readonly RunChange[]): void
}

export function leases(store: Store): EmbeddedLeases {
  const counts = new Map<string, number>()
  const opened = listenerSet<[conversation: string, run: string]>()
  return {
    async beat(node) {
      store.assertOpen()
      const count = (counts.get(node) ?? 0) + 1
      counts.set(node, count)
      return count
    },
    async beats(nodes) {
      store.assertOpen()
      return new Map(nodes.map((node) => [node, counts.get(node) ?? 0]))
    },
    async leave(node) {
      store.assertOpen()
      counts.delete(node)
    },
    ...announcements(store.assertOpen),
    claim: async (request) => store.write((tables) => claim(tables, request)),
    release: async (conversation, fence) => store.write((tables) => release(tables, conversation, fence)),
    openRuns: async () => store.read(listOpenRuns),
    settle: async (conversation, run, seq) => store.write((tables) => settle(tables, conversation, run, seq)),
    onOpened(listener) {
      store.assertOpen()
      return opened.add(listener)
    },
    runsChanged(conversation, changes) {
      for (const { run, state } of changes) {
        if (state === "open") opened.tell(conversation, run)
      }
    },
  }
}

function claim(tables: Tables, { conversation, run, node, nonce, instead }: ClaimRequest): Fence | undefined {
  const head = getHead(tables, conversation)
  if (!head || tables.records.get(openRunKey(conversation, run)) === undefined) return undefined
  const stands = instead ? isCurrentFence(head, instead) : head.owner === undefined
  if (!stands) return undefined
  const fence = { number: head.fence + 1, nonce }
  const { last: _, released: __, ...rest } = head
  putHead(tables, conversation, { ...rest, fence: fence.number, owner: { node, run, fence }, n: 0 })
  return fence
}

/** The number stays behind, so that the next owner's is higher and the one given up never comes back. */
function release(tables: Tables, conversation: string, fence: Fence): void {
  const head = getHead(tables, conversation)
  if (!head || !isCurrentFence(head, fence)) return
  const { owner: _, last: __, ...rest } = head
  putHead(tables, conversation, { ...rest, n: 0 })
}

function settle(tables: Tables, conversation: string, run: string, seq: number): void {
  const key = openRunKey(conversation, run)
  if (getJson<OpenRunRecord>(tables.records, key)?.seq === seq) tables.records.remove(key)
}

function listOpenRuns(tables: Tables): OpenRun[] {
  return [...under(tables.records, openRuns())]
    .map(({ key, value }) => ({ key, record: JSON.parse(value) as OpenRunRecord }))
    .sort((a, b) => a.record.order - b.record.order)
    .map(({ key, record }) => {
      const [, conversation, run] = key as [number, string, string]
      return { conversation, run, seq: record.seq, owner: getHead(tables, conversation)?.owner, about: record.about }
    })
}
