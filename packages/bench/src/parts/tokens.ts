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
import { ratioOf, spreadOf } from "../measure/spread.ts"
import { startServer } from "../redis/server.ts"
import { type Section, shown, type Table } from "../report/section.ts"
import { type ServedNode, serveNode } from "../runs/served-node.ts"
import type { Heard, Streamed, Talking, ToListeners } from "../runs/talking.ts"

interface Sample {
  /** Microseconds of processor time for one token. */
  readonly tokenUs: number
  /** Bytes on the wire for one byte of text, where there is a wire: while it streams, and of the whole run. */
  readonly wire: number
  readonly wholeWire: number
}

const ratioMax = 1.25
const wireMax = 2
const bare = "the graph alone"
const embedded = "embedded store"
const redis = "Redis"

/** A whole answer in either size: what a run costs by itself would otherwise lie on fewer tokens. */
const answer = { tokens: 250, perSecond: 50 }
/** As many tokens for each of the three before anything is counted, at a pace at which most of what is joined later is joined. */
const warmUp: Talking = { runs: 100, tokens: 100, perSecond: 100 }

export async function tokens(bench: Bench): Promise<Section> {
  const talking: Talking = { ...answer, runs: bench.isQuick ? 40 : 200 }
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
    const runs = all.map(({ name, run }) => ({ name, run: () => run(talking) }))
    const say = (text: string) => bench.say(`tokens: ${text}`)
    // So few wait for the clock most of the time, and leave the cores to each other.
    return sectionOf(talking, await (bench.isQuick ? together : inRounds)(bench.rounds, runs, say))
  } finally {
    await children.stop()
    for (const node of nodes) await node.stop()
    await server.stop()
  }
}

const said = ({ runs, tokens: count }: Talking): number => runs * count

async function streamed(graph: Child, talking: Talking): Promise<Sample> {
  const { cpuUs } = await graph.ask<Streamed>(talking)
  return { tokenUs: cpuUs / said(talking), wire: 0, wholeWire: 0 }
}

async function served(node: ServedNode, listeners: Child, talking: Talking): Promise<Sample> {
  await listeners.ask<string>({ ask: "enter", talking } satisfies ToListeners)
  const before = await node.cpuUs()
  const heard = await listeners.ask<Heard>({ ask: "listen", talking } satisfies ToListeners)
  return {
    tokenUs: ((await node.cpuUs()) - before) / said(talking),
    wire: heard.leanWireBytes / heard.leanTextBytes,
    wholeWire: heard.wireBytes / heard.textBytes,
  }
}

function sectionOf(talking: Talking, samples: ReadonlyMap<string, readonly Sample[]>): Section {
  const costs = (name: string) => mustGetSamples(samples, name).map(({ tokenUs }) => tokenUs)
  const wire = (name: string, which: "wire" | "wholeWire") =>
    spreadOf(mustGetSamples(samples, name).map((sample) => sample[which]))
  const ratio = (name: string) => ratioOf(costs(name), costs(bare))
  const served = [embedded, redis]
  const table: Table = {
    title: `${talking.runs} runs at once, each ${talking.tokens} tokens at ${talking.perSecond} a second, two devices each`,
    columns: ["", "node CPU, us a token", "times the graph alone", "wire bytes for one of text", "of the whole run"],
    rows: [
      [bare, shown(spreadOf(costs(bare)), 1), "", "", ""],
      ...served.map((name) => [
        name,
        shown(spreadOf(costs(name)), 1),
        shown(ratio(name)),
        shown(wire(name, "wire")),
        shown(wire(name, "wholeWire")),
      ]),
    ],
  }
  return {
    name: "tokens",
    title: "Tokens, from the graph to two devices",
    tables: [table],
    notes: [
      "The node's time is from the question to the end of the run: claiming, checkpoints and everything else included.",
      "Wire bytes are counted with their WebSocket headers: of the frames that bring text that goes on, and of all frames from the " +
        "question to the run's end, which are about 4 kB for a run of one step, however long its answer is.",
      "The devices read lean frames, as the client library does.",
    ],
    targets: [
      ...served.map((name) => ({
        name: `CPU of a token, ${name}, in times of the graph's`,
        value: ratio(name).median,
        max: ratioMax,
        unit: "x",
      })),
      { name: "bytes on the wire for one of text", value: wire(redis, "wire").median, max: wireMax, unit: "" },
    ],
    plots: [
      {
        name: "token-cost",
        title: "Node CPU for one token",
        unit: "us",
        groups: [bare, ...served],
        series: [{ name: "CPU", values: [bare, ...served].map((name) => spreadOf(costs(name))) }],
      },
    ],
  }
}
