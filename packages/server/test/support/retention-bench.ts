/** A conversation in a real store, written without a server, and retention that is asked to look at it. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Engine, type Entry, freshNonce, pageMax } from "@everthread/engine"
import { type EmbeddedEngine, openEmbeddedEngine } from "@everthread/engine-embedded"
import { type ChatMessage, type EventBody, startCursor, systemClock, systemRandom } from "@everthread/protocol"
import type { Core } from "../../src/core/core.ts"
import { type Folded, foldLog } from "../../src/core/fold.ts"
import { historyPage } from "../../src/core/history.ts"
import { noMeter } from "../../src/core/meter.ts"
import { Retention } from "../../src/core/retention.ts"
import type { RetentionPolicy } from "../../src/core/retention-policy.ts"
import { recordingLog } from "./quiet-log.ts"

const by = { user: "ada", device: "phone" }
const dayMs = 24 * 60 * 60 * 1_000
/** Noon of a day: that many days later is another one, whatever the hour. */
export const today = 20_000 * dayMs + dayMs / 2
export const tailEntries = 10

/** A message of so many days ago, whose text is found nowhere else. */
export const said = (name: string, daysAgo = 0): EventBody => ({
  type: "message",
  time: today - daysAgo * dayMs,
  by,
  id: `m-${name}`,
  key: `k-${name}`,
  text: textOf(name),
})

export const textOf = (name: string): string => `the words of ${name}.`

/** An engine for the tests of one file. */
export function engineForTests(): () => EmbeddedEngine {
  const folder = mkdtempSync(join(tmpdir(), "everthread-retention-"))
  let engine: EmbeddedEngine | undefined
  beforeAll(async () => {
    engine = await openEmbeddedEngine({ folder })
  })
  afterAll(async () => {
    await engine?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return () => engine as EmbeddedEngine
}

export interface Talk {
  readonly conversation: string
  write(...bodies: readonly EventBody[]): Promise<void>
  /** Makes the head the snapshot, and archives what has left it, as a node does when a log has grown. */
  compact(): Promise<void>
  folded(): Promise<Folded>
  /** Every message that can be paged back to. */
  history(): Promise<ChatMessage[]>
  /** Every event that the log still holds behind its snapshot, and after it. */
  entries(): Promise<readonly Entry[]>
}

export async function begin(engine: Engine): Promise<Talk> {
  const conversation = `talk-${systemRandom.id(8)}`
  const nonce = () => freshNonce(systemRandom)
  const created = JSON.stringify({ type: "conversation.created", time: today, by })
  await engine.log.create({ conversation, nonce: nonce(), bodies: [created], members: [] })
  const folded = async () => (await foldLog(engine.log, conversation)) as Folded
  return {
    conversation,
    async write(...bodies) {
      await engine.log.append({ conversation, nonce: nonce(), bodies: bodies.map((body) => JSON.stringify(body)) })
    },
    async compact() {
      const { cursor, state, dropped } = await folded()
      const archive = dropped.map((message) => ({ seq: message.seq, body: JSON.stringify(message) }))
      const snapshot = { cursor, state: JSON.stringify(state) }
      await engine.log.compact({ conversation, snapshot, archive, trimThrough: 0 })
    },
    folded,
    async history() {
      const feed = { state: folded }
      const core = { engine, hub: { feed: async () => feed } } as unknown as Core
      return (await historyPage(core, conversation, Number.MAX_SAFE_INTEGER, 100_000))?.messages ?? []
    },
    async entries() {
      const read = await engine.log.read(conversation, startCursor, { ...pageMax, entriesMax: 100_000 })
      if (read.status === "tail") return read.entries
      const after = read.status === "trimmed" ? read.snapshot.cursor : startCursor
      const tail = await engine.log.read(conversation, after, { ...pageMax, entriesMax: 100_000 })
      return tail.status === "tail" ? tail.entries : []
    },
  }
}

export function retentionOn(engine: Engine, policy: Partial<RetentionPolicy>, now = today): Retention {
  return new Retention({
    engine,
    clock: { ...systemClock, now: () => now },
    random: systemRandom,
    logger: recordingLog(),
    meter: noMeter,
    policy: { daysMax: 0, messagesMax: 0, ...policy },
    tailEntries,
  })
}
