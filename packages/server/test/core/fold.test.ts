/** Folding, compacting and paging back: nothing that was ever finished is lost on the way. */
import { type ConversationState, type EventBody, emptyState, type LogEvent, limits, reduce } from "@everthread/protocol"
import * as fc from "fast-check"
import { ManualClock, settled } from "../../../../test/support/manual-clock.ts"
import { Compaction } from "../../src/core/compaction.ts"
import type { Core } from "../../src/core/core.ts"
import { foldLog, foldUntil } from "../../src/core/fold.ts"
import { historyPage } from "../../src/core/history.ts"
import { closing, message, opening, queued, time } from "../support/bodies.ts"
import { eventOf, FakeLog } from "../support/fake-log.ts"
import { recordingLog } from "../support/quiet-log.ts"
import { bench } from "../support/subscription-under-test.ts"

/**
 * `m`: a person's message; `o`: an answer begins; `f`: the oldest open answer is finished; `q`: a message asks for a
 * run; `s`: the oldest run says something; `r`: it takes that back; `e`: it ends.
 */
type Act = "m" | "o" | "f" | "q" | "s" | "r" | "e"
const acts = (lengthMax: number): fc.Arbitrary<Act[]> =>
  fc.array(
    fc.oneof(
      { weight: 18, arbitrary: fc.constant("m" as const) },
      { weight: 6, arbitrary: fc.constantFrom("o" as const, "f", "q", "q", "s", "s") },
      { weight: 1, arbitrary: fc.constantFrom("r" as const, "e") },
    ),
    { minLength: lengthMax / 2, maxLength: lengthMax, size: "max" },
  )

function bodiesOf(acts: readonly Act[]): EventBody[] {
  const open: string[] = []
  const runs: string[] = []
  const said: string[] = []
  return acts.flatMap((act, at): readonly EventBody[] => {
    if (act === "m") return [message(`${at}`)]
    if (act === "o") {
      open.push(`a-${at}`)
      return opening(`a-${at}`)
    }
    if (act === "f") return open.splice(0, 1).map((id) => closing(id))
    if (act === "q") {
      runs.push(`r-${at}`)
      return [message(`${at}`), queued(`r-${at}`, `m-${at}`)]
    }
    const [run] = runs
    if (run === undefined) return []
    if (act === "s") {
      said.push(`s-${at}`)
      return said.slice(-1).flatMap((id) => [...opening(id, run), closing(id, run)])
    }
    if (act === "r") return [{ type: "rewind", time, run, attempt: 2, messages: said.splice(-1) }]
    runs.shift()
    said.length = 0
    return [{ type: "run.ended", time, run, outcome: "completed" }]
  })
}

/** Every message that the events make and do not take back. */
function everyMessage(events: readonly LogEvent[]): Map<number, string> {
  const all = new Map<number, string>()
  let state: ConversationState = emptyState
  for (const event of events) {
    state = reduce(state, event)
    for (const held of state.messages) all.set(held.seq, held.id)
    if (event.type !== "rewind") continue
    for (const [seq, id] of all) if (event.messages.includes(id)) all.delete(seq)
  }
  return all
}

interface Limits {
  readonly snapshotEveryEntries: number
  readonly tailEntries: number
}

function compacting(log: FakeLog, limits: Limits) {
  const { hub } = bench({ log, clock: new ManualClock() })
  const logger = recordingLog()
  const engine = { log } as unknown as Core["engine"]
  const compaction = new Compaction({ engine, hub: () => hub, logger, ...limits })
  return { compaction, core: { hub, engine } as unknown as Core, logger, hub }
}

async function pagesOf(core: Core, max: number): Promise<{ seqs: number[]; ids: string[] }> {
  const seqs: number[] = []
  const ids: string[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = await historyPage(core, "c", before, max)
    if (!page) throw new Error("The conversation exists.")
    seqs.unshift(...page.messages.map(({ seq }) => seq))
    ids.unshift(...page.messages.map(({ id }) => id))
    const first = page.messages[0]
    if (!page.more || !first) return { seqs, ids }
    before = first.seq
  }
}

describe("folding a log", () => {
  test("[SNP1] page by page, from any snapshot, it comes to the same as the reducer", async () => {
    await fc.assert(
      fc.asyncProperty(acts(300), fc.nat(), fc.nat(), async (acts, snapshotAt, trimAt) => {
        const log = new FakeLog()
        log.write(message("first"), ...bodiesOf(acts))
        const count = log.entries.length
        const snapshotSeq = snapshotAt % (count + 1)
        if (snapshotSeq > 0) log.trim(snapshotSeq, trimAt % (snapshotSeq + 1))
        const folded = await foldLog(log, "c")
        expect(folded?.cursor).toBe(log.headNow)
        expect(folded?.state).toEqual(log.stateAt(count))
      }),
      { numRuns: 25 },
    )
  })

  test("[SNP1] up to a cursor it is the state there, or unknown where what led there is gone", async () => {
    const log = new FakeLog()
    log.write(...Array.from({ length: 20 }, (_, at) => message(`${at}`)))
    log.trim(10, 8)
    expect(await foldUntil(log, "c", "15-aaaaaaaa")).toEqual(log.stateAt(15))
    expect(await foldUntil(log, "c", "10-aaaaaaaa")).toEqual(log.stateAt(10))
    expect(await foldUntil(log, "c", "9-aaaaaaaa")).toBeUndefined()
    expect(await foldUntil(log, "c", "15-bbbbbbbb")).toBeUndefined()
    expect(await foldUntil(log, "c", "30-aaaaaaaa")).toBeUndefined()
  })

  test("[LOG4] a conversation that does not exist folds to nothing", async () => {
    const log = new FakeLog()
    log.exists = false
    expect(await foldLog(log, "c")).toBeUndefined()
  })
})

describe("what is pushed out", () => {
  const chatter = (name: string, count: number) => Array.from({ length: count }, (_, at) => message(`${name}${at}`))

  test("[LOG8] a window that shrinks lets more than one go at once, each in its last state", async () => {
    const log = new FakeLog()
    const asked = [message("asked"), queued("r", "m-asked"), ...opening("said"), closing("said")]
    log.write(...asked, ...chatter("a", 250), { type: "run.ended", time, run: "r", outcome: "completed" })
    const before = await foldLog(log, "c")
    expect(before?.dropped.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, at) => `m-a${at}`))
    log.write(message("last"))
    const after = await foldLog(log, "c")
    expect(after?.dropped.slice(50)).toMatchObject([
      { id: "m-asked" },
      { id: "said", status: "complete" },
      { id: "m-a50" },
    ])
    expect(after?.state.messages).toHaveLength(limits.stateMessagesMax)
  })

  test("[RUN3] what a rewind takes back is not kept, however full the window is", async () => {
    const log = new FakeLog()
    log.write(message("asked"), queued("r", "m-asked"), ...opening("said"), closing("said"), ...chatter("a", 250))
    log.write({ type: "rewind", time, run: "r", attempt: 2, messages: ["said"] }, ...chatter("b", 2))
    expect((await foldLog(log, "c"))?.dropped.map(({ id }) => id)).not.toContain("said")
  })
})

describe("compaction", () => {
  test("[LOG8] [SNP2] [SNP3] archive, dropped and state together hold every message there ever was, each once", async () => {
    await fc.assert(
      fc.asyncProperty(acts(900), fc.integer({ min: 5, max: 120 }), async (acts, snapshotEveryEntries) => {
        const log = new FakeLog()
        log.write(message("first"))
        const { compaction, core, hub } = compacting(log, { snapshotEveryEntries, tailEntries: 10 })
        for (const body of bodiesOf(acts)) {
          log.write(body)
          compaction.grown("c", log.headNow)
          if (log.entries.length % 17 === 0) await settled()
        }
        await settled()
        const all = everyMessage(log.entries.map(eventOf))
        const folded = await (await hub.feed("c"))?.state()
        expect(folded?.state.messages.length).toBeLessThanOrEqual(
          limits.stateMessagesMax + limits.stateNeededMessagesMax,
        )
        const held = [...log.archive.keys(), ...(folded?.dropped ?? []), ...(folded?.state.messages ?? [])].map(
          (kept) => (typeof kept === "number" ? kept : kept.seq),
        )
        expect(held.sort((a, b) => a - b)).toEqual([...all.keys()])
        for (const max of [7, 200]) {
          const { seqs, ids } = await pagesOf(core, max)
          expect(seqs).toEqual([...all.keys()])
          expect(ids).toEqual([...all.values()])
        }
      }),
      { numRuns: 8 },
    )
  })

  test("[LOG8] old messages that are still being said hide nothing of the archive", async () => {
    const log = new FakeLog()
    const old = ["old1", "old2", "old3", "old4", "old5"]
    log.write(message("first"), ...old.flatMap((id) => opening(id)))
    const { compaction, core } = compacting(log, { snapshotEveryEntries: 300, tailEntries: 10 })
    for (let at = 0; at < 300; at++) log.write(message(`${at}`))
    compaction.grown("c", log.headNow)
    await settled()
    expect(log.archive.size).toBe(101)
    for (const max of [10, 49, 50, 52]) {
      const { ids } = await pagesOf(core, max)
      expect(ids).toEqual(["m-first", ...old, ...Array.from({ length: 300 }, (_, at) => `m-${at}`)])
    }
  })

  test("one that fails is tried again when the log has grown as much again", async () => {
    const log = new FakeLog()
    log.write(message("first"))
    const { compaction, logger } = compacting(log, { snapshotEveryEntries: 10, tailEntries: 0 })
    log.step = (operation) => {
      if (operation === "compact") throw new Error("The disk is full.")
    }
    for (let at = 0; at < 35; at++) {
      log.write(message(`${at}`))
      compaction.grown("c", log.headNow)
      await settled()
    }
    expect(log.count("compact")).toBe(3)
    expect(logger.lines.filter(({ level }) => level === "warn")).toHaveLength(3)
  })
})
