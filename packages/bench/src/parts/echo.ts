/** How long one person waits who writes: for the acknowledgement, and for their own message to come back. */
import type { Bench } from "../bench.ts"
import type { Echoes, EchoResult } from "../delivery/load.ts"
import { type ContestantName, mustGetStand, type Stand, withStands } from "../fan-out/contestants.ts"
import { type Figures, figuresOf } from "../fan-out/figures.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { percentileOf, spreadOf } from "../measure/spread.ts"
import { type Section, shown } from "../report/section.ts"

const contestants: readonly ContestantName[] = [
  "everthread",
  "everthread, two nodes",
  "socket.io",
  "socket.io, two nodes",
  "ws, encoded once",
]

interface Waits extends Pick<Figures, "nodeUs" | "nodesBusy"> {
  readonly ackMedianUs: number
  readonly ackP99Us: number
  readonly echoMedianUs: number
  readonly echoP99Us: number
}

type Samples = ReadonlyMap<string, readonly Waits[]>

export function echo(bench: Bench): Promise<Section> {
  const echoes = bench.isQuick ? 50 : 200
  return withStands(contestants, { rooms: 1, members: 2, textBytes: 200 }, async (stands) => {
    const runs = contestants.map((name) => ({ name, run: () => writeAndWait(mustGetStand(stands, name), echoes) }))
    // The code is warm.
    for (const { run } of runs) await run()
    const samples = await inRounds(bench.rounds, runs, (text) => bench.say(`echo: ${text}`))
    return sectionOf(echoes, samples)
  })
}

/** An operation is one message with all that comes of it. */
async function writeAndWait(stand: Stand, echoes: number): Promise<Waits> {
  let waited: EchoResult = { ackUs: [], echoUs: [] }
  const figures = await figuresOf(stand, async () => {
    const startedAtMs = performance.now()
    waited = await stand.load.ask<EchoResult>({ echoes } satisfies Echoes)
    const seconds = (performance.now() - startedAtMs) / 1_000
    return { count: echoes, seconds, loadBusy: Number.NaN, delayMedianMs: Number.NaN, delayP99Ms: Number.NaN }
  })
  const of = (us: readonly number[], share: number) => percentileOf(Float64Array.from(us).sort(), share)
  return {
    nodeUs: figures.nodeUs,
    nodesBusy: figures.nodesBusy,
    ackMedianUs: of(waited.ackUs, 0.5),
    ackP99Us: of(waited.ackUs, 0.99),
    echoMedianUs: of(waited.echoUs, 0.5),
    echoP99Us: of(waited.echoUs, 0.99),
  }
}

function sectionOf(echoes: number, samples: Samples): Section {
  const rows = contestants.map((name) => {
    const of = (figure: (waits: Waits) => number) => spreadOf(mustGetSamples(samples, name).map(figure))
    return [
      name,
      shown(of(({ ackMedianUs }) => ackMedianUs)),
      of(({ ackP99Us }) => ackP99Us).median.toFixed(0),
      shown(of(({ echoMedianUs }) => echoMedianUs)),
      of(({ echoP99Us }) => echoP99Us).median.toFixed(0),
      shown(of(({ nodeUs }) => nodeUs)),
      of(({ nodesBusy }) => nodesBusy).median.toFixed(2),
    ]
  })
  return {
    name: "echo",
    title: "Echo and acknowledgement: one device writes, waits for both, and writes again",
    tables: [
      {
        title: `Microseconds, of ${echoes} messages a round`,
        columns: ["", "ack p50", "ack p99", "echo p50", "echo p99", "node CPU a message", "node busy"],
        rows,
      },
    ],
    notes: [
      "Two devices in the room, over two nodes one on each. Everthread acknowledges what is stored and on the disk (appendfsync always): the " +
        "disk is most of what is waited for. Socket.IO and ws acknowledge what they have read.",
    ],
    targets: [],
    plots: [],
  }
}
