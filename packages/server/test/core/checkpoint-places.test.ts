/** Where checkpoints belong in the log, and what a fork from one takes along. */
import {
  type ChatMessage,
  type CheckpointEntry,
  type ConversationState,
  type EventBody,
  emptyState,
  limits,
} from "@everthread/protocol"
import { ManualClock } from "../../../../test/support/manual-clock.ts"
import { placeByTime, placed, placesInLog } from "../../src/core/checkpoint-places.ts"
import type { Core } from "../../src/core/core.ts"
import { forkMessages, lastSeen } from "../../src/core/fork-messages.ts"
import { closing, message, opening, queued, time } from "../support/bodies.ts"
import { FakeLog } from "../support/fake-log.ts"
import { bench } from "../support/subscription-under-test.ts"

const named = (id: string, ns: string[] = []): EventBody => ({
  type: "agent",
  time,
  run: "r",
  method: "checkpoints",
  ns,
  data: { id, step: 1 },
})
const at = (body: EventBody, later: number): EventBody => ({ ...body, time: time + later }) as EventBody
const entry = (checkpoint: string, later: number, run?: string): CheckpointEntry => ({
  checkpoint,
  time: time + later,
  step: 1,
  next: [],
  ...(run === undefined ? {} : { run }),
})

function coreOn(log: FakeLog): Core {
  const { hub } = bench({ log, clock: new ManualClock() })
  return { hub, engine: { log } } as unknown as Core
}

describe("the place of a checkpoint", () => {
  test("[HIS1] is the entry that names it; a subgraph's checkpoint has none", async () => {
    const log = new FakeLog()
    log.write(message("one"), named("cp1"), named("cp2", ["node:task"]), message('about "checkpoints"'), named("cp3"))
    const places = await placesInLog(log, "c")
    expect([...places].map(([id, { seq }]) => [id, seq])).toEqual([
      ["cp1", 2],
      ["cp3", 5],
    ])
    expect(placed(entry("cp3", 0, "r"), undefined, places)).toMatchObject({ seq: 5, cursor: log.headNow, run: "r" })
  })

  test("[HIS1] is not known where the entry was trimmed, and is where it was not", async () => {
    const log = new FakeLog()
    log.write(message("one"), named("cp1"), message("two"), named("cp2"))
    log.trim(3, 3)
    expect([...(await placesInLog(log, "c")).keys()]).toEqual(["cp2"])
  })

  test("[HIS1] where a fork begins is its beginning's end, and whose run wrote it is not said", () => {
    const origin = { agent: "scribe", checkpoint: "cp2", seen: 3, upTo: 5 }
    const places = new Map([["cp1", { seq: 1, cursor: "1-a" }]])
    expect(placed(entry("cp1", 0, "r"), origin, places)).toEqual(entry("cp1", 0))
    expect(placed(entry("cp2", 0, "r"), origin, places)).toEqual({ ...entry("cp2", 0), seq: 5 })
  })

  test("[HIS3] is judged by what its run had said, its input, or the time, once the entry is gone", async () => {
    const log = new FakeLog()
    log.write(
      message("one"),
      queued("r1", "m-one"),
      // Of a machine whose clock is ahead.
      at(message("between"), 500),
      ...opening("a1", "r1").map((body) => at(body, 100)),
      at(closing("a1", "r1"), 150),
      ...opening("a2", "r1").map((body) => at(body, 300)),
      at(message("two"), 1_000),
    )
    const core = coreOn(log)
    const state = log.stateAt(log.entries.length)
    const judged = (later: number, run?: string) => placeByTime(core, "c", state, entry("cp", later, run))
    const seqOf = (id: string) => state.messages.find((held) => held.id === id)?.seq
    expect(await judged(50, "r1")).toBe(seqOf("m-one"))
    expect(await judged(200, "r1")).toBe(seqOf("a1"))
    expect(await judged(400, "r1")).toBe(seqOf("a2"))
    expect(await judged(600)).toBe(seqOf("a2"))
    expect(await judged(2_000)).toBe(seqOf("m-two"))
    expect(await judged(-1)).toBe(0)
  })

  test("[HIS3] is found however far back it is", async () => {
    const log = new FakeLog()
    const many = Array.from({ length: 3 * limits.historyPageMax }, (_, index) => at(message(`${index}`), index))
    log.write(...many)
    expect(await placeByTime(coreOn(log), "c", emptyState, entry("cp", 42))).toBe(43)
  })
})

describe("what a fork takes along", () => {
  test("[HIS3] messages that began by then, the newest where there are too many", async () => {
    const log = new FakeLog()
    log.write(...Array.from({ length: limits.forkMessagesMax + 5 }, (_, index) => message(`${index}`)))
    const core = coreOn(log)
    const few = await forkMessages(core, "c", 3)
    expect(few.map(({ seq }) => seq)).toEqual([1, 2, 3])
    const all = await forkMessages(core, "c", log.entries.length)
    expect([all.length, all[0]?.seq, all.at(-1)?.seq]).toEqual([limits.forkMessagesMax, 6, limits.forkMessagesMax + 5])
  })

  test("[HIS4] no more than one step of the store takes, without a hole", async () => {
    const log = new FakeLog()
    const long = "x".repeat(limits.forkCharsMax / 4)
    log.write(message("0"), ...[1, 2, 3, 4].map((name) => message(`${name}`, long)), message("5"))
    expect((await forkMessages(coreOn(log), "c", 6)).map(({ id }) => id)).toEqual(["m-2", "m-3", "m-4", "m-5"])
  })

  const said = (id: string, more: Partial<ChatMessage>): ChatMessage => ({
    id,
    seq: Number(id),
    time,
    role: "user",
    status: "complete",
    text: id,
    blocks: [],
    ...more,
  })
  const talk = [
    said("1", { agent: "scribe" }),
    said("2", {}),
    said("3", { role: "assistant", run: "r1" }),
    said("4", { agent: "scribe" }),
    said("5", { agent: "other" }),
  ]
  const seen = (state: Partial<ConversationState>, run?: string) =>
    lastSeen({ ...emptyState, ...state }, talk, "scribe", entry("cp", 0, run))?.id

  test("[HIS5] the agent knows what its run was to answer, and nothing that came behind it", () => {
    const run = {
      id: "r1",
      seq: 2,
      agent: "scribe",
      message: "1",
      by: { user: "ada", device: "d" },
      attempt: 1,
      messages: 1,
    }
    expect(seen({ runs: [{ ...run, status: "completed" }] }, "r1")).toBe("1")
    // Of a run that nobody knows any more: what was asked before it spoke, or, where it has not, what was asked last.
    expect(seen({}, "r1")).toBe("1")
    expect(seen({}, "r0")).toBe("4")
  })

  test("[HIS5] from where a fork began the agent knows what it knew then", () => {
    const thread = { agent: "scribe", checkpoint: "cp", seen: 2, upTo: 3 }
    expect(seen({ from: { conversation: "c0", seq: 9, thread } }, "r1")).toBe("2")
    expect(seen({ from: { conversation: "c0", seq: 9, thread: { ...thread, seen: 0 } } }, "r1")).toBeUndefined()
  })
})
