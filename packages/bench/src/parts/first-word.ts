/**
 * How much later an answer begins for a person than the graph alone would begin it: from the question on one device to
 * the first word on another one, beside the first word of the same graph whose stream is read in its own process.
 *
 * One question at a time, to a node that has nothing else to do; the model speaks at once. So it is all that lies around
 * the model: storing the question, claiming the run, the attempt, starting the graph, storing the word and delivering it.
 */
import type { Bench } from "../bench.ts"
import { type Child, Children } from "../delivery/child.ts"
import { percentileOf, spreadOf } from "../measure/spread.ts"
import { startServer } from "../redis/server.ts"
import type { Section } from "../report/section.ts"
import { type ServedNode, serveNode } from "../runs/served-node.ts"
import type { Heard, Streamed, Talking, ToListeners } from "../runs/talking.ts"

const talking: Talking = { runs: 1, tokens: 5, perSecond: 50 }
const alone = "the graph alone"
const redis = "Redis"

export async function firstWord(bench: Bench): Promise<Section> {
  const count = bench.isQuick ? 20 : 100
  const server = await startServer("fsync")
  const nodes: ServedNode[] = []
  const children = new Children()
  const served = async (name: string, url: string | undefined) => {
    const node = await serveNode(`first-${url === undefined ? "embedded" : "redis"}`, url)
    nodes.push(node)
    const { child: listeners } = await children.start<string>("runs/listeners.js", [String(node.port)])
    return { name, ask: () => firstWordOf(listeners) }
  }
  try {
    const { child: graph } = await children.start<string>("runs/bare-graph.js", [])
    const contestants = [
      { name: alone, ask: async () => (await graph.ask<Streamed>(talking)).firstWordMs },
      await served("embedded store", undefined),
      await served(redis, server.url),
    ]
    const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
    for (let asked = 0; asked < count; asked++) {
      bench.say(`first-word: ${asked + 1} of ${count}`)
      for (const { name, ask } of contestants) samples.get(name)?.push(...(await ask()))
    }
    return sectionOf(count, samples)
  } finally {
    await children.stop()
    for (const node of nodes) await node.stop()
    await server.stop()
  }
}

async function firstWordOf(listeners: Child): Promise<readonly number[]> {
  await listeners.ask<string>({ ask: "enter", talking } satisfies ToListeners)
  const { firstWordMs } = await listeners.ask<Heard>({ ask: "listen", talking } satisfies ToListeners)
  return firstWordMs
}

function sectionOf(count: number, samples: ReadonlyMap<string, readonly number[]>): Section {
  const rows = [...samples].map(([name, all]) => {
    const sorted = [...all].sort((a, b) => a - b)
    return { name, median: spreadOf(sorted).median, p90: percentileOf(sorted, 0.9), p99: percentileOf(sorted, 0.99) }
  })
  return {
    name: "first-word",
    title: "From the question to the first word",
    tables: [
      {
        title: `${count} questions, one at a time, to a model that speaks at once; ms`,
        columns: ["", "median", "p90", "p99"],
        rows: rows.map(({ name, ...row }) => [name, ...[row.median, row.p90, row.p99].map((ms) => ms.toFixed(1))]),
      },
    ],
    notes: ["On the nodes it is from the question on one device to the first word on another one."],
    targets: [],
    plots: [],
  }
}
