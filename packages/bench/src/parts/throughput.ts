/**
 * How many appends a node gets through, and how long each takes, at every durability and several numbers under way.
 *
 * One node speaks for itself: two would share this machine's cores and say less. The latency is from asking to the
 * answer, at the engine's port.
 */
import { openRedisEngine } from "@everthread/engine-redis"
import type { Bench } from "../bench.ts"
import { drive } from "../measure/lanes.ts"
import { inRounds } from "../measure/rounds.ts"
import { percentileOf, spreadOf } from "../measure/spread.ts"
import { createLanes, outputs } from "../redis/appends.ts"
import { deltaBody } from "../redis/bodies.ts"
import { startReplica } from "../redis/replica.ts"
import { type BenchServer, startServer } from "../redis/server.ts"
import { type Section, shown } from "../report/section.ts"

type Level = "memory" | "everysec" | "fsync" | "replicated"

interface Sample {
  readonly perSecond: number
  readonly medianMs: number
  readonly p99Ms: number
  /** Shares of one core. */
  readonly nodeBusy: number
  readonly redisBusy: number
}

interface Row {
  readonly level: Level
  readonly inFlight: number
  readonly samples: readonly Sample[]
}

const levels: readonly Level[] = ["memory", "everysec", "fsync", "replicated"]
const numbers = [1, 16, 256]
/** No ratio is taken of it. */
const roundsMax = 3
const bodyBytes = 200
const warmUpOps = 500
const secondUs = 1_000_000

export async function throughput(bench: Bench): Promise<Section> {
  const rows: Row[] = []
  for (const inFlight of numbers) {
    const contestants = levels.map((name) => ({ name, run: () => measure(bench, name, inFlight) }))
    const say = (text: string) => bench.say(`throughput: ${inFlight} in flight: ${text}`)
    const samples = await inRounds(Math.min(bench.rounds, roundsMax), contestants, say)
    for (const level of levels) rows.push({ level, inFlight, samples: samples.get(level) ?? [] })
  }
  return sectionOf(rows.sort((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level)))
}

async function measure(bench: Bench, level: Level, inFlight: number): Promise<Sample> {
  const server = await startServer(level === "replicated" ? "fsync" : level)
  const replica = level === "replicated" ? await startReplica(server) : undefined
  const { clock, random } = bench
  const engine = await openRedisEngine({ url: server.url, durability: level, clock, random })
  try {
    const lanes = await createLanes([engine], inFlight, random)
    const append = await outputs(lanes, [deltaBody(bodyBytes)], random)
    const calls = Math.ceil((bench.isQuick ? 2_000 : 10_000) / (inFlight === 1 ? 5 : 1))
    await drive(inFlight, warmUpOps, append)
    return await timed(bench, server, calls, inFlight, append)
  } finally {
    await engine.close()
    await replica?.stop()
    await server.stop()
  }
}

async function timed(
  { clock }: Bench,
  { control }: BenchServer,
  calls: number,
  inFlight: number,
  append: (lane: number) => Promise<void>,
): Promise<Sample> {
  const took: number[] = []
  const redisBefore = await control.counts()
  const cpuBefore = process.cpuUsage()
  const startedAt = clock.monotonic()
  await drive(inFlight, calls, async (lane) => {
    const askedAt = clock.monotonic()
    await append(lane)
    took.push(clock.monotonic() - askedAt)
  })
  const ms = clock.monotonic() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  const redisAfter = await control.counts()
  const sorted = Float64Array.from(took).sort()
  return {
    perSecond: (calls / ms) * 1_000,
    medianMs: percentileOf(sorted, 0.5),
    p99Ms: percentileOf(sorted, 0.99),
    nodeBusy: ((user + system) / ms / secondUs) * 1_000,
    redisBusy: ((redisAfter.cpuUs - redisBefore.cpuUs) / ms / secondUs) * 1_000,
  }
}

function sectionOf(rows: readonly Row[]): Section {
  const cells = ({ level, inFlight, samples }: Row) => {
    const of = (figure: (sample: Sample) => number) => spreadOf(samples.map(figure))
    return [
      `${level}, ${inFlight} in flight`,
      shown(
        of((one) => one.perSecond),
        0,
      ),
      of((one) => one.medianMs).median.toFixed(2),
      of((one) => one.p99Ms).median.toFixed(2),
      `${of((one) => one.nodeBusy).median.toFixed(2)} / ${of((one) => one.redisBusy).median.toFixed(2)}`,
    ]
  }
  return {
    name: "throughput",
    title: "Appends of one node to one Redis, by durability",
    tables: [
      {
        title: `Fenced deltas of ${bodyBytes} bytes`,
        columns: ["", "appends/s", "p50 ms", "p99 ms", "busy: node / Redis"],
        rows: rows.map(cells),
      },
    ],
    notes: [
      "Busy is a share of one core: near 1 the node was saturated and not Redis. Where neither is, the disk is what was waited for, or " +
        "the one answer that the next call needs.",
      "replicated: one replica, which is on the same machine and the same disk, acknowledges before the append is answered.",
    ],
    targets: [],
    plots: [
      {
        name: "redis-throughput",
        title: "Appends of one node",
        unit: "a second",
        groups: numbers.map((inFlight) => `${inFlight} in flight`),
        series: levels.map((level) => ({
          name: level,
          values: rows
            .filter((row) => row.level === level)
            .map(({ samples }) => spreadOf(samples.map((one) => one.perSecond))),
        })),
      },
    ],
  }
}
