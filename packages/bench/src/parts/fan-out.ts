/**
 * One event to 500 and to 2,000 devices of one conversation on one node, beside those who keep nothing, and beside
 * what the machine can do at most.
 */
import type { Bench } from "../bench.ts"
import type { ContestantName } from "../fan-out/contestants.ts"
import { type Entrant, type FanOutCase, type MeasuredFanOut, measureFanOut } from "../fan-out/fan-out.ts"
import { columns, rowOf } from "../fan-out/rows.ts"
import { mustGetSamples } from "../measure/rounds.ts"
import { ratioOf, spreadOf } from "../measure/spread.ts"
import type { Plot, Section, Target } from "../report/section.ts"

/** That come in one turn of the event loop. */
const joinedEvents = 16
const ours = "everthread"
const atTheirRate = "everthread, as slowly as socket.io"
const socketIo = "socket.io"
const joinedC = `C, ${joinedEvents} a write`
const socketIoMin = 8
const joinedCMin = 0.5

/** About a third of a core for those who write once for each event and device. */
const singlePerSecond = 40_000
/** As many writes a second as those make at a quarter of it, and enough to be busy at all. */
const joinedPerSecond = 160_000

const single = (name: string, contestant: ContestantName, deliveriesPerSecond = singlePerSecond): Entrant => ({
  name,
  contestant,
  joined: 1,
  deliveriesPerSecond,
})
const others: readonly Entrant[] = [
  single(socketIo, "socket.io"),
  single("ws, encoded once", "ws, encoded once"),
  single("ws, encoded for each", "ws, encoded for each"),
  single("C", "C"),
]
/** No process has two turns in a row: the second finds its sockets in the caches, which is worth a fifth to the writer in C. */
const joinedEntrants: readonly Entrant[] = [
  single(ours, "everthread", joinedPerSecond),
  { name: joinedC, contestant: "C", joined: joinedEvents, deliveriesPerSecond: joinedPerSecond },
  single(atTheirRate, "everthread"),
  ...others,
]
const singleEntrants: readonly Entrant[] = [single(ours, "everthread"), ...others].map((entrant) => ({
  ...entrant,
  deliveriesPerSecond: singlePerSecond / 2,
}))

export async function fanOut(bench: Bench): Promise<Section> {
  const measured: MeasuredFanOut[] = []
  const missing = new Set<string>()
  for (const devices of bench.isQuick ? [500] : [500, 2_000]) {
    const result = await measureFanOut(bench, devices, casesOf(bench, devices), bench.isQuick ? 0.8 : 1.5)
    measured.push(...result.measured)
    for (const why of result.missing) missing.add(why)
  }
  return sectionOf(measured, [...missing])
}

function casesOf({ isQuick }: Bench, devices: number): FanOutCase[] {
  const joined: FanOutCase = {
    devices,
    title: `1 to ${devices}, ${joinedEvents} at a time`,
    events: joinedEvents,
    entrants: joinedEntrants,
  }
  const single: FanOutCase = { devices, title: `1 to ${devices}, one at a time`, events: 1, entrants: singleEntrants }
  return isQuick ? [joined] : [joined, single]
}

function sectionOf(measured: readonly MeasuredFanOut[], missing: readonly string[]): Section {
  return {
    name: "fan-out",
    title: "Node CPU for one event at one device of a conversation that many follow",
    tables: [
      { title: "For one event of 200 bytes that one device got", columns: columns(socketIo), rows: rowsOf(measured) },
      { title: "What was written for it", columns: ["", "writes", "bytes"], rows: measured.flatMap(writtenRowsOf) },
    ],
    notes: [
      `Events are made in the serving process: ${joinedEvents} in one turn of its event loop, or one. Everthread appends each to its log on ` +
        "Redis (appendfsync always) and delivers what comes back; the others keep nothing. The writer in C has ready frames and raw sockets: " +
        `one write for each event and device, or, where it says so, for ${joinedEvents} events: as many bytes as Everthread's for as many.`,
      `Joined, Everthread and C deliver ${joinedPerSecond} events a second; who writes each by itself cannot, and delivers ${singlePerSecond}.`,
      "Busy is a share of one core: what is near 1 was saturated. Ratios compare processor time for one delivery, round by round.",
      ...missing,
    ],
    targets: measured.filter(({ events }) => events > 1).flatMap(targetsOf),
    plots: [plotOf(measured)],
  }
}

const costs = ({ samples }: MeasuredFanOut, name: string): number[] =>
  mustGetSamples(samples, name).map(({ nodeUs }) => nodeUs)

function rowsOf(measured: readonly MeasuredFanOut[]): string[][] {
  return measured.flatMap((one) =>
    one.entrants.map(({ name }) =>
      rowOf(`${one.title}: ${name}`, mustGetSamples(one.samples, name), mustGetSamples(one.samples, socketIo)),
    ),
  )
}

/** In all, whoever it was for: where events are stored first, what goes to the store is among it. */
function writtenRowsOf({ title, entrants, samples }: MeasuredFanOut): string[][] {
  return entrants.map(({ name }) => {
    const own = mustGetSamples(samples, name)
    const writes = spreadOf(own.map((at) => at.writes)).median
    return [`${title}: ${name}`, writes.toFixed(3), spreadOf(own.map((at) => at.writtenBytes)).median.toFixed(0)]
  })
}

function targetsOf(one: MeasuredFanOut): Target[] {
  const against = (name: string) => ratioOf(costs(one, name), costs(one, ours)).median
  const beside: Target = {
    name: `fan-out ${one.title}: deliveries for the CPU that Socket.IO takes for one`,
    brief: `fan-out to ${one.devices} # Socket.IO`,
    value: against(socketIo),
    min: socketIoMin,
    unit: "x",
  }
  if (!one.samples.has(joinedC)) return [beside]
  const limit: Target = {
    name: `fan-out ${one.title}: deliveries for the CPU that the writer in C takes for one, joined alike`,
    brief: `# of C`,
    value: against(joinedC),
    min: joinedCMin,
    unit: "x",
  }
  return [beside, limit]
}

function plotOf(measured: readonly MeasuredFanOut[]): Plot {
  const names = [socketIo, ours, "ws, encoded once", "C", joinedC]
  return {
    name: "fan-out",
    title: "Node CPU for one event at one device",
    unit: "µs",
    groups: measured.map(({ title }) => title),
    series: names.map((name) => ({
      name,
      values: measured.map((one) => (one.samples.has(name) ? spreadOf(costs(one, name)) : undefined)),
    })),
  }
}
