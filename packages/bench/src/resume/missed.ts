/**
 * How long a device that has missed a thousand events waits until it is live again: one by itself, and a hundred that come
 * back at the same moment to one process.
 *
 * A device's connection is open; from its first word until it has heard that it is up to date. The devices count bytes and
 * take nothing apart, so that it is the node that is measured and not they. Beside it the same bytes that lie ready in a
 * process that asks for nothing and stores nothing, which is what it could be at all on this machine at this moment.
 */
import type { Bench } from "../bench.ts"
import { type Contestant, inRounds, mustGetSamples } from "../measure/rounds.ts"
import { spreadOf } from "../measure/spread.ts"
import { type Plot, type Section, shown, type Target } from "../report/section.ts"
import { type Sample, sampleOf } from "./come-back.ts"
import { backAt, ours } from "./our-words.ts"
import { socketIoRound } from "./socket-io-round.ts"
import { type Stage, type StoreKind, withStage } from "./stage.ts"

const p99MsMax = 50
const missedEvents = 1_000
const many = 100
const readyBytes = "the bytes lie ready"

type Case = Contestant<Sample>

/** What is held to the target: the whole way, from the store. */
const judged = (["embedded", "Redis"] as const).flatMap((kind) => [
  { name: `${kind}: 1 device, from the store`, brief: `resume of one, ${kind} #` },
  { name: `${kind}: ${many} of one conversation, from the store`, brief: `resume of ${many} at once, ${kind} #` },
])

export async function missed(bench: Bench): Promise<Section> {
  const samples = new Map<string, readonly Sample[]>()
  await withStage("resume/bare-node.js", "embedded", (bare) =>
    withStage("resume/our-node.js", "embedded", (embedded) =>
      withStage("resume/our-node.js", "Redis", async (redis) => {
        const cases = await bareCases(bare)
        for (const [kind, stage] of [
          ["embedded", embedded],
          ["Redis", redis],
        ] as const) {
          cases.push(...(await judgedCases(kind, stage)))
          if (!bench.isQuick) cases.push(...(await otherCases(kind, stage)))
        }
        await measure(bench, cases, samples)
      }),
    ),
  )
  for (const kind of bench.isQuick ? (["Redis"] as const) : (["embedded", "Redis"] as const)) {
    // A hundred at once take Socket.IO seconds.
    const counts = bench.isQuick ? [1] : [1, many]
    await withStage("resume/socket-io-node.js", kind, (stage) =>
      measure(bench, theirCases(kind, stage, counts), samples),
    )
  }
  return sectionOf(samples)
}

async function measure(bench: Bench, cases: readonly Case[], samples: Map<string, readonly Sample[]>): Promise<void> {
  // The code is warm, and every conversation was looked at once.
  for (const one of cases) await one.run()
  const measured = await inRounds(bench.rounds, cases, (text) => bench.say(`missed: ${text}`))
  for (const [name, taken] of measured) samples.set(name, taken)
}

async function bareCases(stage: Stage): Promise<Case[]> {
  const { from } = await stage.fill("", missedEvents)
  return [
    { name: `${readyBytes}: 1 device`, run: () => sampleOf(stage, ours(stage.port, [backAt("d", "c", from)])) },
    { name: `${readyBytes}: ${many}`, run: () => sampleOf(stage, ours(stage.port, devices(many, "c", from))) },
  ]
}

async function judgedCases(kind: StoreKind, stage: Stage): Promise<Case[]> {
  const { from } = await stage.fill("left", missedEvents)
  return [1, many].map((count) => ({
    name: `${kind}: ${count === 1 ? "1 device" : `${count} of one conversation`}, from the store`,
    run: () => sampleOf(stage, ours(stage.port, devices(count, "left", from))),
  }))
}

async function otherCases(kind: StoreKind, stage: Stage): Promise<Case[]> {
  const apart: (readonly string[])[] = []
  for (let each = 0; each < many; each++) {
    const conversation = `left-${each}`
    apart.push(backAt("d", conversation, (await stage.fill(conversation, missedEvents)).from))
  }
  return [
    {
      name: `${kind}: ${many} of as many conversations, from the store`,
      run: () => sampleOf(stage, ours(stage.port, apart)),
    },
    { name: `${kind}: ${many} of one conversation, from memory`, run: () => fromMemory(stage) },
  ]
}

/** Somebody stays, for whom the node follows the conversation and so holds what the others miss. */
let followed = 0
async function fromMemory(stage: Stage): Promise<Sample> {
  followed += 1
  const conversation = `followed-${followed}`
  await stage.fill(conversation, 0)
  await stage.come(ours(stage.port, [backAt("stays", conversation, undefined)]))
  const { from } = await stage.fill(conversation, missedEvents)
  return sampleOf(stage, ours(stage.port, devices(many, conversation, from)))
}

function theirCases(kind: StoreKind, stage: Stage, counts: readonly number[]): Case[] {
  const how = kind === "Redis" ? "Redis streams" : "in memory"
  return counts.map((count) => ({
    name: `Socket.IO, ${how}: ${count === 1 ? "1 device" : `${count} of one room`}`,
    run: () => socketIoRound(stage, count, missedEvents),
  }))
}

const devices = (count: number, conversation: string, cursor: string): (readonly string[])[] =>
  Array.from({ length: count }, (_, index) => backAt(`d${index}`, conversation, cursor))

function sectionOf(samples: ReadonlyMap<string, readonly Sample[]>): Section {
  const rows = [...samples].map(([name, all]) => {
    const of = (figure: (sample: Sample) => number) => spreadOf(all.map(figure))
    const middle = (figure: (sample: Sample) => number) => of(figure).median.toFixed(2)
    const busy = `${middle((one) => one.nodeBusy)} / ${middle((one) => one.devicesBusy)}`
    const [p50, p99] = [of((one) => one.p50Ms), of((one) => one.p99Ms)]
    return [name, shown(p50, 1), shown(p99, 1), middle((one) => one.nodeMs), middle((one) => one.redisMs), busy]
  })
  const columns = ["", "p50 ms", "p99 ms", "node ms", "Redis ms", "busy: node / devices"]
  return {
    name: "missed",
    title: `Coming back after ${missedEvents} events: from the first word on an open connection to being live`,
    tables: [{ title: "Medians of the rounds, with the least and the most", columns, rows }],
    notes: [
      "Node and Redis: processor time for one device, opening its connection included.",
      "The bytes lie ready: a bare server on the same WebSocket library that writes the same bytes and does nothing else.",
      "Socket.IO 4.8 with connection state recovery: it replays each event as a frame of its own.",
    ],
    targets: judged.map(({ name, brief }) => targetOf(name, brief, samples)),
    plots: [plotOf(samples)],
  }
}

function plotOf(samples: ReadonlyMap<string, readonly Sample[]>): Plot {
  const names = [...samples.keys()]
  return {
    name: "resume-missed",
    title: `Until devices are live again after ${missedEvents} events`,
    unit: "ms",
    groups: ["1 device", `${many} at once, p99`],
    series: [readyBytes, "embedded", "Redis", "Socket.IO, Redis streams"].map((who) => ({
      name: who,
      values: ["1 device", `${many}`].map((count) => {
        const found = names.find((name) => name.startsWith(`${who}: ${count}`) && !name.includes("as many"))
        return found === undefined ? undefined : spreadOf(mustGetSamples(samples, found).map(({ p99Ms }) => p99Ms))
      }),
    })),
  }
}

function targetOf(name: string, brief: string, samples: ReadonlyMap<string, readonly Sample[]>): Target {
  const value = spreadOf(mustGetSamples(samples, name).map(({ p99Ms }) => p99Ms)).median
  const about = `p99 of coming back after ${missedEvents} events, ${name}`
  return { name: about, brief, value, max: p99MsMax, unit: " ms" }
}
