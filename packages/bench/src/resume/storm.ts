/**
 * Everybody comes back at once: every connection of a node breaks at the same moment, and each device connects again, says
 * where it was, and gets what it has missed. Once all at the same moment, and once spread over some seconds, as the client
 * library does it.
 *
 * Meanwhile two others talk on the same node, whose connections have not broken: what they wait for is what the storm costs
 * those who have nothing to do with it.
 */
import type { Bench } from "../bench.ts"
import { type Child, startChild } from "../delivery/child.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { percentileOf, spreadOf } from "../measure/spread.ts"
import { type Section, shown } from "../report/section.ts"
import type { Delays } from "./bystanders.ts"
import { backAt, ours } from "./our-words.ts"
import { type Stage, type StoreKind, withStage } from "./stage.ts"

interface Sample {
  readonly allMs: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly nodeMs: number
  /** The longest that the node's event loop was held up. */
  readonly heldUpMs: number
  readonly othersP50Ms: number
  readonly othersMaxMs: number
  readonly devicesBusy: number
  /** How often devices were turned away and came again. */
  readonly again: number
}

interface Shape {
  readonly devices: number
  readonly perConversation: number
  readonly missed: number
}

const spreadMs = 5_000
const calm = "nobody comes"

export async function storm(bench: Bench): Promise<Section> {
  const shape: Shape = { devices: bench.isQuick ? 500 : 2_000, perConversation: 4, missed: 10 }
  const samples = new Map<string, readonly Sample[]>()
  for (const kind of bench.isQuick ? (["Redis"] as const) : (["embedded", "Redis"] as const)) {
    await withStage("resume/our-node.js", kind, async (stage) => {
      const { child } = await startChild<string>("resume/bystanders.js", [String(stage.port)])
      try {
        const cases = await casesOf(kind, shape, stage, child, bench)
        for (const one of cases.slice(0, 1)) await one.run()
        const measured = await inRounds(bench.isQuick ? 1 : bench.rounds, cases, (text) => bench.say(`storm: ${text}`))
        for (const { name } of cases) samples.set(name, mustGetSamples(measured, name))
      } finally {
        await child.stop()
      }
    })
  }
  return sectionOf(shape, samples)
}

async function casesOf(kind: StoreKind, shape: Shape, stage: Stage, others: Child, { random, isQuick }: Bench) {
  const says: (readonly string[])[] = []
  for (let room = 0; room < shape.devices / shape.perConversation; room++) {
    const { from } = await stage.fill(`room-${room}`, shape.missed)
    for (let device = 0; device < shape.perConversation; device++) says.push(backAt(`d${device}`, `room-${room}`, from))
  }
  const overMs = isQuick ? spreadMs / 4 : spreadMs
  const spread = says.map(() => random.fraction() * overMs)
  return [
    { name: `${kind}: ${calm}`, run: () => during(stage, others, undefined) },
    {
      name: `${kind}: all at the same moment`,
      run: () => during(stage, others, ours(stage.port, says, { from: "connect" })),
    },
    {
      name: `${kind}: over ${overMs / 1_000} s`,
      run: () => during(stage, others, ours(stage.port, says, { from: "connect", startsMs: spread })),
    },
  ]
}

const calmMs = 1_000

async function during(stage: Stage, others: Child, coming: ReturnType<typeof ours> | undefined): Promise<Sample> {
  await others.ask<string>("begin")
  const before = await stage.used()
  const came = coming ? await stage.come(coming) : undefined
  if (!came) await new Promise((resolve) => setTimeout(resolve, calmMs))
  const after = await stage.used()
  const delays = await others.ask<Delays>("end")
  await stage.allGo()
  const sorted = Float64Array.from(came?.liveMs ?? []).sort()
  const waits = Float64Array.from(delays.ms).sort()
  return {
    allMs: came?.allMs ?? 0,
    p50Ms: percentileOf(sorted, 0.5),
    p99Ms: percentileOf(sorted, 0.99),
    nodeMs: (after.cpuUs - before.cpuUs) / 1_000,
    heldUpMs: after.heldUpMs,
    othersP50Ms: percentileOf(waits, 0.5),
    othersMaxMs: percentileOf(waits, 1),
    devicesBusy: came?.busy ?? 0,
    again: came?.again ?? 0,
  }
}

function sectionOf(
  { devices, perConversation, missed }: Shape,
  samples: ReadonlyMap<string, readonly Sample[]>,
): Section {
  const rows = [...samples].map(([name, all]) => {
    const of = (figure: (sample: Sample) => number) => spreadOf(all.map(figure))
    const middle = (figure: (sample: Sample) => number) => of(figure).median.toFixed(0)
    const others = [middle((one) => one.othersP50Ms), middle((one) => one.othersMaxMs)]
    const heldUp = middle((one) => one.heldUpMs)
    if (name.endsWith(calm)) return [name, "", "", "", "", heldUp, ...others, "", ""]
    return [
      name,
      shown(
        of((one) => one.allMs),
        0,
      ),
      middle((one) => one.p50Ms),
      middle((one) => one.p99Ms),
      (of((one) => one.nodeMs).median / devices).toFixed(2),
      heldUp,
      ...others,
      of((one) => one.devicesBusy).median.toFixed(2),
      middle((one) => one.again),
    ]
  })
  const columns = [
    "",
    "all live, ms",
    "p50",
    "p99",
    "node ms each",
    "held up, ms",
    "others' p50",
    "longest",
    "devices busy",
    "came again",
  ]
  return {
    name: "storm",
    title: `${devices} devices of ${devices / perConversation} conversations connect again at once, each after ${missed} events`,
    tables: [
      { title: "From a device's connecting to its being live; of the others, from sending to delivery", columns, rows },
    ],
    notes: [
      "Held up: the longest that the node's event loop did nothing else. Others: two devices that stay, and send fifty messages a second.",
      "Node: processor time for one device, its handshake included.",
    ],
    targets: [],
    plots: [],
  }
}
