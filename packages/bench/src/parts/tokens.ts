/**
 * What a token costs from the graph to two devices, beside the same graph whose stream nobody sends anywhere; and what
 * it weighs on the wire.
 *
 * The node is `everthread serve` as it is in production, on a store of its own or on Redis. The processor time that it
 * says it has taken between two moments, divided by the tokens said in between, is the figure; likewise of the graph alone.
 */
import type { Bench } from "../bench.ts"
import { type Child, Children } from "../delivery/child.ts"
import { inRounds, mustGetSamples, together } from "../measure/rounds.ts"
import { ratioOf, type Spread, spreadOf } from "../measure/spread.ts"
import { startServer } from "../redis/server.ts"
import { type Section, shown, type Table } from "../report/section.ts"
import { type ServedNode, serveNode } from "../runs/served-node.ts"
import type { Heard, Streamed, Talking, ToListeners } from "../runs/talking.ts"

interface Sample {
  /** Microseconds of processor time for one token. */
  readonly tokenUs: number
  /** Share of one core, while they speak. */
  readonly busy: number
  /** Bytes on the wire for one byte of text, where there is a wire: while it streams, and of the whole run. */
  readonly wire: number
  readonly wholeWire: number
}

interface Measured {
  readonly talking: Talking
  readonly samples: ReadonlyMap<string, readonly Sample[]>
}

const ratioMax = 1.25
const wireMax = 2
const bare = "the graph alone"
const embedded = "embedded store"
const redis = "Redis"

/** A whole answer in either size: what a run costs by itself would otherwise lie on fewer tokens. */
const answer = { tokens: 250, perSecond: 50 }
/** As many tokens for each of the three before anything is counted, at a pace at which most of what is joined later is joined. */
const warmUp: Talking = { runs: 100, tokens: 250, perSecond: 100 }

export async function tokens(bench: Bench): Promise<Section> {
  // Judged is the first: of twice as many the tokens come faster than one process makes them.
  const talks = (bench.isQuick ? [40] : [100, 200]).map((runs): Talking => ({ ...answer, runs }))
  const server = await startServer("fsync")
  const nodes: ServedNode[] = []
  const children = new Children()
  try {
    const contestant = async (name: string, url: string | undefined) => {
      const node = await serveNode(name === redis ? "bench-redis" : "bench-embedded", url)
      nodes.push(node)
      const { child: listeners } = await children.start<string>("runs/listeners.js", [String(node.port)])
      return { name, run: (asked: Talking) => served(node, listeners, asked) }
    }
    const { child: alone } = await children.start<string>("runs/bare-graph.js", [])
    const all = [
      { name: bare, run: (asked: Talking) => streamed(alone, asked) },
      await contestant(embedded, undefined),
      await contestant(redis, server.url),
    ]
    bench.say("tokens: warming up")
    await Promise.all(all.map(({ run }) => run(warmUp)))
    const measured: Measured[] = []
    for (const talking of talks) {
      const runs = all.map(({ name, run }) => ({ name, run: () => run(talking) }))
      const say = (text: string) => bench.say(`tokens: ${talking.runs} runs: ${text}`)
      // So few wait for the clock most of the time, and leave the cores to each other.
      measured.push({ talking, samples: await (bench.isQuick ? together : inRounds)(bench.rounds, runs, say) })
    }
    return sectionOf(measured)
  } finally {
    await children.stop()
    for (const node of nodes) await node.stop()
    await server.stop()
  }
}

const said = ({ runs, tokens: count }: Talking): number => runs * count

async function streamed(graph: Child, talking: Talking): Promise<Sample> {
  const startedAt = performance.now()
  const { cpuUs } = await graph.ask<Streamed>(talking)
  return { tokenUs: cpuUs / said(talking), busy: busyOf(cpuUs, startedAt), wire: 0, wholeWire: 0 }
}

async function served(node: ServedNode, listeners: Child, talking: Talking): Promise<Sample> {
  await listeners.ask<string>({ ask: "enter", talking } satisfies ToListeners)
  const before = await node.cpuUs()
  const startedAt = performance.now()
  const heard = await listeners.ask<Heard>({ ask: "listen", talking } satisfies ToListeners)
  const cpuUs = (await node.cpuUs()) - before
  return {
    tokenUs: cpuUs / said(talking),
    busy: busyOf(cpuUs, startedAt),
    wire: heard.leanWireBytes / heard.leanTextBytes,
    wholeWire: heard.wireBytes / heard.textBytes,
  }
}

const busyOf = (cpuUs: number, startedAt: number): number => cpuUs / 1_000 / (performance.now() - startedAt)

const costs = ({ samples }: Measured, name: string): number[] =>
  mustGetSamples(samples, name).map(({ tokenUs }) => tokenUs)
const spread = ({ samples }: Measured, name: string, which: keyof Sample): Spread =>
  spreadOf(mustGetSamples(samples, name).map((sample) => sample[which]))
const ratio = (one: Measured, name: string): Spread => ratioOf(costs(one, name), costs(one, bare))
const servedOnes = [embedded, redis]

function tableOf(one: Measured): Table {
  const { talking } = one
  const cells = (name: string) => [name, shown(spread(one, name, "tokenUs"), 1)]
  const busy = (name: string) => spread(one, name, "busy").median.toFixed(2)
  return {
    title: `${talking.runs} runs at once, each ${talking.tokens} tokens at ${talking.perSecond} a second, two devices each`,
    columns: ["", "CPU, µs a token", "times the graph alone", "wire bytes for one of text", "of the whole run", "busy"],
    rows: [
      [...cells(bare), "", "", "", busy(bare)],
      ...servedOnes.map((name) => [
        ...cells(name),
        shown(ratio(one, name)),
        shown(spread(one, name, "wire")),
        shown(spread(one, name, "wholeWire")),
        busy(name),
      ]),
    ],
  }
}

function sectionOf(measured: readonly Measured[]): Section {
  const [judged] = measured
  if (!judged) throw new Error("no tokens were measured")
  return {
    name: "tokens",
    title: "Tokens, from the graph to two devices",
    tables: measured.map(tableOf),
    notes: [
      "The node's time is from the question to the end of the run: claiming, checkpoints and everything else included.",
      "Wire bytes are counted with their WebSocket headers: of the frames that bring text that goes on, and of all frames from the " +
        "question to the run's end, which are about 4 kB for a run of one step, however long its answer is.",
      "The devices read lean frames, as the client library does.",
      "Busy is a share of one core: near 1 the process was saturated, its tokens come in heaps, and more of them share what they cost.",
    ],
    targets: [
      ...servedOnes.map((name) => ({
        name: `CPU of a token, ${name}, in times of the graph's`,
        value: ratio(judged, name).median,
        max: ratioMax,
        unit: "x",
      })),
      {
        name: "bytes on the wire for one of text",
        value: spread(judged, redis, "wire").median,
        max: wireMax,
        unit: "",
      },
    ],
    plots: [
      {
        name: "token-cost",
        title: "Node CPU for one token",
        unit: "µs",
        groups: [bare, ...servedOnes],
        series: [{ name: "CPU", values: [bare, ...servedOnes].map((name) => spread(judged, name, "tokenUs")) }],
      },
    ],
  }
}
