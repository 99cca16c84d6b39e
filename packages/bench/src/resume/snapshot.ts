/**
 * A device that was never in a long conversation comes to it: until it holds the newest messages and is live, then the page
 * before them, then page by page to the first message.
 */
import type { Bench } from "../bench.ts"
import { spreadOf } from "../measure/spread.ts"
import { type Section, shown } from "../report/section.ts"
import type { Coming } from "./coming.ts"
import { backAt, ours } from "./our-words.ts"
import { type Stage, type StoreKind, withStage } from "./stage.ts"

/** What one step of coming there took. */
interface Step {
  readonly ms: number
  readonly kilobytes: number
  readonly nodeMs: number
  readonly redisMs: number
}

const conversation = "long"
const pageMessages = 200
/** How a page ends: `"more":true}}` or `"more":false}}`. */
const endMark = "e}}"
const steps = ["the newest, until it is live", "the page before them", "page by page to the first"] as const
type StepName = (typeof steps)[number]

export async function snapshot(bench: Bench): Promise<Section> {
  const messages = bench.isQuick ? 2_000 : 10_000
  const samples = new Map<string, Step[]>()
  for (const kind of ["embedded", "Redis"] as const) {
    await withStage("resume/our-node.js", kind, async (stage) => {
      await fillLive(stage, messages)
      await comeThere(stage)
      for (let round = 0; round < bench.rounds; round++) {
        bench.say(`snapshot: ${kind}, round ${round + 1} of ${bench.rounds}`)
        for (const [name, step] of await comeThere(stage)) add(samples, kind, name, step)
      }
    })
  }
  return sectionOf(messages, samples)
}

/** Somebody follows it, so that it is compacted as it grows. */
async function fillLive(stage: Stage, messages: number): Promise<void> {
  await stage.fill(conversation, 0)
  await stage.come(ours(stage.port, [backAt("stays", conversation, undefined)]))
  // In pieces: a compaction goes on behind what it has seen.
  const piece = 500
  for (let made = 0; made < messages; made += piece) await stage.fill(conversation, piece)
  await stage.allGo()
}

async function comeThere(stage: Stage): Promise<[StepName, Step][]> {
  const fresh = ours(stage.port, [backAt("new", conversation, undefined)], { heard: "text" })
  const [first, newest] = await stepOf(stage, fresh)
  let before = firstSeqIn(newest)
  const [second, page] = await stepOf(stage, historyBefore(stage, before))
  before = firstSeqIn(page)
  let rest: Step = { ms: 0, kilobytes: 0, nodeMs: 0, redisMs: 0 }
  for (let more = isMore(page); more; ) {
    const [step, text] = await stepOf(stage, historyBefore(stage, before))
    rest = sumOf(rest, step)
    before = firstSeqIn(text)
    more = isMore(text)
  }
  return [
    [steps[0], first],
    [steps[1], second],
    [steps[2], rest],
  ]
}

/** A page is asked for on a connection of its own, so that nothing else is in what is counted. */
function historyBefore(stage: Stage, before: number): Coming {
  const [hello = ""] = backAt("new", conversation, undefined)
  const ask = JSON.stringify({ type: "history", id: 1, conversation, before, limit: pageMessages })
  return { ...ours(stage.port, [[hello, ask]], { heard: "text" }), mark: endMark }
}

async function stepOf(stage: Stage, coming: Coming): Promise<[Step, string]> {
  const before = await stage.used()
  const { liveMs, bytes, heard } = await stage.come(coming)
  const after = await stage.used()
  await stage.allGo()
  const step: Step = {
    ms: liveMs[0] ?? Number.NaN,
    kilobytes: bytes / 1_000,
    nodeMs: (after.cpuUs - before.cpuUs) / 1_000,
    redisMs: (after.redisUs - before.redisUs) / 1_000,
  }
  return [step, heard[0] ?? ""]
}

const sumOf = (one: Step, other: Step): Step => ({
  ms: one.ms + other.ms,
  kilobytes: one.kilobytes + other.kilobytes,
  nodeMs: one.nodeMs + other.nodeMs,
  redisMs: one.redisMs + other.redisMs,
})

/** Of the oldest message that was given: in a state and in a page they are in order. */
function firstSeqIn(text: string): number {
  const messages = text.indexOf('"messages":[')
  const seq = /"seq":(\d+)/.exec(text.slice(Math.max(0, messages)))?.[1]
  if (seq === undefined) throw new Error(`no message was given: ${text.slice(0, 200)}`)
  return Number(seq)
}

const isMore = (text: string): boolean => text.includes('"more":true')

function add(samples: Map<string, Step[]>, kind: StoreKind, name: StepName, step: Step): void {
  const key = `${kind}: ${name}`
  samples.set(key, [...(samples.get(key) ?? []), step])
}

function sectionOf(messages: number, samples: ReadonlyMap<string, readonly Step[]>): Section {
  const rows = [...samples].map(([name, all]) => {
    const of = (figure: (step: Step) => number) => spreadOf(all.map(figure))
    const middle = (figure: (step: Step) => number) => of(figure).median.toFixed(1)
    return [
      name,
      shown(
        of((one) => one.ms),
        1,
      ),
      middle((one) => one.kilobytes),
      middle((one) => one.nodeMs),
      middle((one) => one.redisMs),
    ]
  })
  return {
    name: "snapshot",
    title: `A device comes to a conversation of ${messages} messages for the first time`,
    tables: [{ title: "Each step by itself, one device", columns: ["", "ms", "kB", "node ms", "Redis ms"], rows }],
    notes: [
      `Messages of 200 bytes as JSON; pages of ${pageMessages}, each asked for on a new connection that is open before it is counted.`,
      "Node and Redis: processor time, opening the connection included.",
    ],
    targets: [],
    plots: [],
  }
}
