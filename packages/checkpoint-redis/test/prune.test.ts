/** What pruning takes away, and what it must leave: everything that the checkpoints it keeps are made of. */
import { type Checkpoint, type CheckpointTuple, DeltaSnapshot } from "@langchain/langgraph-checkpoint"
import fc from "fast-check"
import { keyPrefixOf, type RedisSaver } from "../src/index.ts"
import { type Configurable, chain, idsOf, put, read, write } from "./checkpoints.ts"
import { saverOn, startStore, type TestStore } from "./servers.ts"

let store: TestStore
beforeAll(async () => {
  store = await startStore()
})
afterAll(() => store.stop())
beforeEach(() => store.all("FLUSHALL"))

const hash = `${keyPrefixOf("t")}thread`
const fieldsOf = async () => (await store.command(hash, "HKEYS", hash)) as string[]

/** One superstep upon an earlier checkpoint: 0 is the newest. */
interface Step {
  readonly upon: number
  /** Whether the metadata says what delta channels there are, as it does after a superstep and not after an update. */
  readonly counts: boolean
  readonly changes: boolean
  readonly log: "same" | "written" | "snapshot"
}

const steps = fc.array(
  fc.record({
    upon: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.nat({ max: 5 })),
    counts: fc.boolean(),
    changes: fc.boolean(),
    log: fc.constantFrom("same", "written", "written", "snapshot"),
  }),
  { minLength: 1, maxLength: 20 },
)

/** It broke the law once: a branch upon a checkpoint whose writes another branch had made, and no metadata told. */
const besideAnUpdate: Step[] = [
  { upon: 0, counts: false, changes: false, log: "same" },
  { upon: 0, counts: false, changes: false, log: "written" },
  { upon: 1, counts: false, changes: false, log: "same" },
]

/** Plays the steps as LangGraph would: an ordinary channel `value`, and a delta channel `log`. */
async function play(saver: RedisSaver, history: readonly Step[]): Promise<Configurable[]> {
  const made: { place: Configurable; checkpoint: Checkpoint }[] = []
  for (const [at, step] of history.entries()) {
    const { place, checkpoint: base } = made.at(-1 - (step.upon % Math.max(1, made.length))) ?? {
      place: { thread_id: "t" },
    }
    if (base && step.log === "written")
      await write(
        saver,
        place,
        [
          ["log", at],
          ["other", at],
        ],
        `task-${at}`,
      )
    const next = nextOf(saver, base, step, at)
    const counters = step.counts ? { counters_since_delta_snapshot: { log: [1, 1] as [number, number] } } : {}
    const metadata = { source: "loop" as const, step: at, parents: {}, ...counters }
    const changed = Object.entries(next.channel_versions).filter(
      ([channel, v]) => base?.channel_versions[channel] !== v,
    )
    const config = await saver.put({ configurable: place }, next, metadata, Object.fromEntries(changed))
    made.push({ place: config.configurable ?? {}, checkpoint: next })
  }
  return made.map(({ place }) => place)
}

function nextOf(saver: RedisSaver, base: Checkpoint | undefined, step: Step, at: number): Checkpoint {
  const versions = { ...base?.channel_versions }
  const raise = (channel: string) => {
    versions[channel] = saver.getNextVersion(versions[channel] as number | undefined)
  }
  if (!base || step.changes) raise("value")
  if (step.log !== "same") raise("log")
  const values = { value: !base || step.changes ? at : base.channel_values["value"] }
  const snapshot = step.log === "snapshot" ? { log: new DeltaSnapshot([at]) } : {}
  const id = String(at).padStart(4, "0")
  return { v: 4, id, ts: "", channel_values: { ...values, ...snapshot }, channel_versions: versions, versions_seen: {} }
}

/** Everything that LangGraph would see of a checkpoint: it asks for the history of a channel that has no value there. */
async function seen(saver: RedisSaver, place: Configurable): Promise<[CheckpointTuple | undefined, unknown]> {
  const tuple = await read(saver, place)
  if (tuple?.checkpoint.channel_values["log"] !== undefined) return [tuple, undefined]
  const history = await saver.getDeltaChannelHistory({ config: { configurable: place }, channels: ["log"] })
  return [tuple, history["log"]]
}

/** The fields that only checkpoints which are gone had. */
async function leftovers(saver: RedisSaver): Promise<string[]> {
  const left = await idsOf(saver, { thread_id: "t" })
  const held = new Set<string>()
  for (const id of left) {
    const tuple = await read(saver, { thread_id: "t", checkpoint_id: id })
    for (const [channel, version] of Object.entries(tuple?.checkpoint.channel_versions ?? {})) {
      held.add(`v\0${channel}\0${JSON.stringify(version)}`)
    }
  }
  const ofCheckpoint = (field: string) => left.includes(field.split("\0")[1])
  return (await fieldsOf()).filter((field) => {
    if (field.startsWith("v")) return !held.has(field)
    return /^[clws]/.test(field) && !ofCheckpoint(field)
  })
}

const isReadable = async (saver: RedisSaver) => {
  for (const id of await idsOf(saver, { thread_id: "t" })) await seen(saver, { thread_id: "t", checkpoint_id: id })
}

test("[RUN3] the newest checkpoints are the same after pruning, and nothing of what went is left", async () => {
  const law = fc.asyncProperty(steps, fc.integer({ min: 1, max: 5 }), async (history, keep) => {
    await store.all("FLUSHALL")
    const saver = saverOn(store)
    const places = await play(saver, history)
    const newest = places.slice(-keep)
    const before = await Promise.all(newest.map((place) => seen(saver, place)))
    const went = await saver.prune("t", keep)
    expect(await Promise.all(newest.map((place) => seen(saver, place)))).toEqual(before)
    expect(await idsOf(saver, { thread_id: "t" })).toHaveLength(places.length - went)
    expect(await leftovers(saver)).toEqual([])
    expect(await saver.prune("t", keep)).toBe(0)
    await isReadable(saver)
  })
  await fc.assert(law, { numRuns: 150, examples: [[besideAnUpdate, 1]] })
})

test("[RUN3] with maxCheckpoints every checkpoint is, when it is put, what it is without", async () => {
  const law = fc.asyncProperty(steps, fc.integer({ min: 2, max: 5 }), async (history, maxCheckpoints) => {
    // Only the newest is continued here: what was pruned cannot be.
    const line = history.map((step) => ({ ...step, upon: 0 }))
    await store.all("FLUSHALL")
    const whole = await seenOnTheWay(saverOn(store), line)
    await store.all("FLUSHALL")
    expect(await seenOnTheWay(saverOn(store, { maxCheckpoints }), line)).toEqual(whole)
    expect(await leftovers(saverOn(store))).toEqual([])
  })
  await fc.assert(law, { numRuns: 40 })
})

async function seenOnTheWay(saver: RedisSaver, history: readonly Step[]) {
  const found: unknown[] = []
  for (let length = 1; length <= history.length; length++) {
    await saver.deleteThread("t")
    const [newest = {}] = (await play(saver, history.slice(0, length))).slice(-1)
    const [tuple, log] = await seen(saver, newest)
    found.push(tuple?.checkpoint.channel_values, tuple?.pendingWrites, log)
  }
  return found
}

test("as many are kept as were asked for, where no delta channel needs more", async () => {
  const saver = saverOn(store)
  const places = await chain(saver, { thread_id: "t" }, 20)
  expect(await saver.prune("t", 3)).toBe(17)
  expect(await idsOf(saver, { thread_id: "t" })).toEqual(
    places
      .slice(-3)
      .map((at) => at.checkpoint_id)
      .reverse(),
  )
  expect(await saver.prune("nowhere", 3)).toBe(0)
  await expect(saver.prune("t", 0)).rejects.toThrow("keep must be a whole number above 0")
})

test("a put keeps the thread within maxCheckpoints and an eighth", async () => {
  for (const max of [1, 16]) {
    const saver = saverOn(store, { maxCheckpoints: max })
    await saver.deleteThread("t")
    for (const place of await chain(saver, { thread_id: "t" }, 60)) {
      expect(place.checkpoint_id).toBeDefined()
    }
    const left = (await idsOf(saver, { thread_id: "t" })).length
    expect(left).toBeGreaterThanOrEqual(max)
    expect(left).toBeLessThanOrEqual(Math.floor((max * 9) / 8))
  }
})

test("what subgraphs of single tasks stored goes with its superstep; what lasts is kept by itself", async () => {
  const saver = saverOn(store)
  const lasting = { thread_id: "t", checkpoint_ns: "lasting" }
  const [, , third] = await chain(saver, lasting, 3)
  const early = { thread_id: "t", checkpoint_ns: "node:1" }
  await chain(saver, early, 2)
  const places = await chain(saver, { thread_id: "t" }, 2)
  const late = { thread_id: "t", checkpoint_ns: "node:2|inner" }
  await chain(saver, late, 2)

  expect(await saver.prune("t", 1)).toBe(5)
  expect(await idsOf(saver, early)).toEqual([])
  expect(await read(saver, early)).toBeUndefined()
  expect(await idsOf(saver, late)).toHaveLength(2)
  expect(await idsOf(saver, lasting)).toEqual([third?.checkpoint_id])
  expect(await idsOf(saver, { thread_id: "t", checkpoint_ns: "" })).toEqual([places[1]?.checkpoint_id])
})

test("a history of many pages is one history", async () => {
  const saver = saverOn(store)
  let place: Configurable = await put(saver, { thread_id: "t" }, { log: new DeltaSnapshot(["start"]) })
  for (let at = 0; at < 1_200; at++) {
    await write(saver, place, [["log", at]], "task")
    place = await put(saver, place)
  }
  const history = await saver.getDeltaChannelHistory({ config: { configurable: place }, channels: ["log", "none"] })
  expect(history["log"]?.seed).toEqual(new DeltaSnapshot(["start"]))
  expect(history["log"]?.writes.map(([, , value]) => value)).toEqual(Array.from({ length: 1_200 }, (_, at) => at))
  expect(history["none"]).toEqual({ writes: [] })
})

test("checkpoints that are each other's parents end a walk", async () => {
  const saver = saverOn(store)
  const at = (id: string, parent?: string, counters = {}) =>
    saver.put(
      { configurable: { thread_id: "t", ...(parent ? { checkpoint_id: parent } : {}) } },
      { v: 4, id, ts: "", channel_values: {}, channel_versions: { log: id }, versions_seen: {} },
      { source: "loop", step: 0, parents: {}, ...counters },
      { log: id },
    )
  await at("a")
  await at("b", "a")
  const circle = await at("a", "b", { counters_since_delta_snapshot: { log: [1, 1] } })
  expect(await saver.getDeltaChannelHistory({ config: circle, channels: ["log"] })).toEqual({ log: { writes: [] } })
  const own = await at("a", "a")
  expect((await saver.getTuple(own))?.parentConfig).toBeUndefined()
})
