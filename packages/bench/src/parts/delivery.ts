/**
 * What a delivered event costs the nodes: rooms of four across two nodes, beside Socket.IO in the same shape.
 *
 * Two server processes on one Redis, every device on a WebSocket of its own, the load in a process of its own. A message
 * is sent by a device, stored, and delivered to all four, its sender included. The processor time of the two nodes
 * between two moments, divided by what was delivered in between, is the figure.
 */
import type { Bench } from "../bench.ts"
import { type Child, startChild } from "../delivery/child.ts"
import type { Burst, BurstResult, LoadPlan } from "../delivery/load.ts"
import type { FromNode } from "../delivery/node-messages.ts"
import { nodeCount, type Shape } from "../delivery/rooms.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { ratioOf, spreadOf } from "../measure/spread.ts"
import { type BenchServer, startServer } from "../redis/server.ts"
import { type Section, shown, type Table } from "../report/section.ts"

interface Sample extends BurstResult {
  /** Of both nodes together, for one delivered event. */
  readonly nodeUs: number
  readonly redisUs: number
  /** Share of one core that the busier half of the nodes took. */
  readonly nodesBusy: number
  readonly redisBusy: number
}

interface Stage {
  readonly name: LoadPlan["contestant"]
  readonly server: BenchServer
  readonly nodes: readonly Child[]
  readonly load: Child
}

type Samples = ReadonlyMap<string, readonly Sample[]>

const contestants = ["ours", "socket.io"] as const
const nodeFiles = { ours: "our-node.js", "socket.io": "socket-io-node.js" }
const ratioMax = 1 / 3

export async function delivery(bench: Bench): Promise<Section> {
  const shape: Shape = { rooms: bench.isQuick ? 200 : 500, members: 4, textBytes: 200 }
  const rates = bench.isQuick ? [1_000] : [250, 1_000, 2_000]
  const seconds = bench.isQuick ? 2 : 5
  const stages = await Promise.all(contestants.map((name) => startStage(name, shape)))
  try {
    const cases: { perSecond: number; samples: Samples }[] = []
    for (const perSecond of rates) {
      const burst = { perSecond, messages: perSecond * seconds }
      const runs = stages.map((stage) => ({ name: stage.name, run: () => measure(stage, burst) }))
      // The code is warm and every connection has been written to.
      for (const { run } of runs) await run()
      const say = (text: string) => bench.say(`delivery: ${perSecond} messages/s: ${text}`)
      cases.push({ perSecond, samples: await inRounds(bench.rounds, runs, say) })
    }
    return sectionOf(shape, cases)
  } finally {
    for (const { load, nodes, server } of stages) {
      await load.stop()
      await Promise.all(nodes.map((node) => node.stop()))
      await server.stop()
    }
  }
}

async function startStage(name: Stage["name"], shape: Shape): Promise<Stage> {
  const server = await startServer("fsync")
  const started = await Promise.all(
    Array.from({ length: nodeCount }, () => startChild<FromNode>(`${nodeFiles[name]}`, [server.url])),
  )
  const ports = started.map(({ greeting }) => (greeting.is === "ready" ? greeting.port : 0))
  const plan: LoadPlan = { ...shape, contestant: name, ports }
  const { child: load } = await startChild<string>("load.js", [JSON.stringify(plan)])
  return { name, server, nodes: started.map(({ child }) => child), load }
}

async function measure({ nodes, server, load }: Stage, burst: Burst): Promise<Sample> {
  const before = await used(nodes, server)
  const result = await load.ask<BurstResult>(burst)
  const after = await used(nodes, server)
  const nodesUs = after.nodesUs - before.nodesUs
  const redisUs = after.redisUs - before.redisUs
  const tookUs = result.seconds * 1e6
  return {
    ...result,
    nodeUs: nodesUs / result.delivered,
    redisUs: redisUs / result.delivered,
    nodesBusy: nodesUs / tookUs / nodes.length,
    redisBusy: redisUs / tookUs,
  }
}

async function used(nodes: readonly Child[], server: BenchServer): Promise<{ nodesUs: number; redisUs: number }> {
  const answers = await Promise.all(nodes.map((node) => node.ask<FromNode>({ ask: "cpu" })))
  const nodesUs = answers.reduce((sum, answer) => sum + (answer.is === "cpu" ? answer.us : 0), 0)
  return { nodesUs, redisUs: (await server.control.counts()).cpuUs }
}

function sectionOf(shape: Shape, cases: readonly { perSecond: number; samples: Samples }[]): Section {
  const ratios = cases.map(({ samples }) => ratioOf(nodeCosts(samples, "ours"), nodeCosts(samples, "socket.io")))
  const judged = ratios.at(-1)
  if (!judged) throw new Error("nothing was delivered")
  return {
    name: "delivery",
    title: `Node CPU for one delivered event, ${shape.rooms} rooms of ${shape.members} across ${nodeCount} nodes`,
    tables: [tableOf(cases)],
    notes: [
      `Messages of ${shape.textBytes} bytes, two server processes, appendfsync always for both. Socket.IO 4.8 with its Redis streams ` +
        "adapter and nothing further switched on. Both store before they deliver: Socket.IO in one stream that is cut at 10,000 " +
        "entries; ours in a log for each conversation, after the idempotency key, the membership and the rate were checked.",
      "Busy is a share of one core, the nodes' for each of the two: what is near 1 was saturated.",
    ],
    targets: [
      { name: "node CPU for a delivered event against Socket.IO", value: judged.median, max: ratioMax, unit: "x" },
    ],
    plots: [
      {
        name: "redis-delivery",
        title: "Node CPU for one delivered event",
        unit: "µs",
        groups: cases.map(({ perSecond }) => `${perSecond} messages/s`),
        series: contestants.map((name) => ({
          name,
          values: cases.map(({ samples }) => spreadOf(nodeCosts(samples, name))),
        })),
      },
    ],
  }
}

const nodeCosts = (samples: Samples, name: string): number[] =>
  mustGetSamples(samples, name).map(({ nodeUs }) => nodeUs)

function tableOf(cases: readonly { perSecond: number; samples: Samples }[]): Table {
  const rows = cases.flatMap(({ perSecond, samples }) =>
    contestants.map((name) => {
      const of = (figure: (sample: Sample) => number) => spreadOf(mustGetSamples(samples, name).map(figure))
      const busy = [of((one) => one.nodesBusy), of((one) => one.redisBusy), of((one) => one.busy)]
      return [
        `${name}, ${perSecond} messages/s`,
        shown(of((one) => one.nodeUs)),
        shown(of((one) => one.redisUs)),
        of((one) => one.delayMedianMs).median.toFixed(1),
        of((one) => one.delayP99Ms).median.toFixed(1),
        busy.map(({ median }) => median.toFixed(2)).join(" / "),
      ]
    }),
  )
  const columns = ["", "node µs", "Redis µs", "p50 ms", "p99 ms", "busy: node / Redis / load"]
  return { title: "For one delivered event", columns, rows }
}
