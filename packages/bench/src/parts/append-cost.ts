/**
 * What an append with its publication costs Redis, in times of a bare XADD of the same text.
 *
 * Both go through the same client library, over the same two connections, with the same number under way; only the
 * server's own thread is counted. What is heard is heard by one more node, which throws it away.
 */
import type { Bench } from "../bench.ts"
import { drive, type Operation } from "../measure/lanes.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { ratioOf, type Spread, spreadOf } from "../measure/spread.ts"
import { createLanes, type Lane, outputs, sends } from "../redis/appends.ts"
import { deltaBody, messageBody } from "../redis/bodies.ts"
import { startListeningNode } from "../redis/listening-node.ts"
import { channelsOf, type NodePair, withNodePair } from "../redis/node-pair.ts"
import type { ServerDurability } from "../redis/server.ts"
import { type Plot, type Section, shown, type Table, type Target } from "../report/section.ts"

interface Case {
  readonly durability: ServerDurability
  /** Under way at each of the two nodes. */
  readonly inFlight: number
  readonly isHeard: boolean
}

/** Microseconds of Redis for one event, round by round. */
interface Costs extends Case {
  readonly xadd: readonly number[]
  readonly delta: readonly number[]
  readonly delta8: readonly number[]
  readonly send: readonly number[]
}

type Kind = "xadd" | "delta" | "delta8" | "send"

const kinds: readonly Kind[] = ["xadd", "delta", "delta8", "send"]
const nodeCount = 2
const bodyBytes = 200
const deltasPerCall = 8
const warmUpOps = 500
/** Two busy nodes: a run writes at most every 25 ms, so sixteen calls under way are hundreds of runs that speak at once. */
const judgedInFlight = 16
const judged: Case = { durability: "fsync", inFlight: judgedInFlight, isHeard: true }
const heard = [1, judgedInFlight, 64].map((inFlight): Case => ({ ...judged, inFlight }))
/** In each of them one thing is otherwise. */
const besideJudged: readonly Case[] = [
  { ...judged, isHeard: false },
  { ...judged, durability: "memory" },
]
const targets = { delta: 3, send: 5, delta8: 1.6 }

export async function appendCost(bench: Bench): Promise<Section> {
  const costs: Costs[] = []
  for (const one of bench.isQuick ? [judged] : [...heard, ...besideJudged])
    costs.push(await withNodePair(bench, one.durability, (pair) => measure(bench, one, pair)))
  return sectionOf(costs)
}

async function measure(bench: Bench, one: Case, pair: NodePair): Promise<Costs> {
  const { server, nodes } = pair
  const listener = one.isHeard ? await startListeningNode(server.url, channelsOf(nodes[0])) : undefined
  const contestants = kinds.map((name) => ({ name, run: () => costOf(bench, one, name, pair) }))
  const about = `${one.durability}, ${one.inFlight} in flight a node, ${one.isHeard ? "heard" : "unheard"}`
  const samples = await inRounds(bench.rounds, contestants, (text) => bench.say(`append cost: ${about}: ${text}`))
  listener?.close()
  const of = (name: Kind) => mustGetSamples(samples, name)
  return { ...one, xadd: of("xadd"), delta: of("delta"), delta8: of("delta8"), send: of("send") }
}

async function costOf(bench: Bench, { inFlight }: Case, kind: Kind, { server, nodes }: NodePair): Promise<number> {
  await server.control.empty()
  const lanes = await createLanes(nodes, inFlight * nodeCount, bench.random)
  const operation = await operationOf(kind, lanes, bench)
  const perCall = kind === "delta8" ? deltasPerCall : 1
  const calls = Math.ceil((bench.isQuick ? 4_000 : 12_000) / (inFlight === 1 ? 4 : 1) / Math.sqrt(perCall))
  await drive(lanes.length, warmUpOps, operation)
  const before = await server.control.counts()
  await drive(lanes.length, calls, operation)
  const after = await server.control.counts()
  return (after.cpuUs - before.cpuUs) / calls / perCall
}

async function operationOf(kind: Kind, lanes: readonly Lane[], { random }: Bench): Promise<Operation> {
  const delta = deltaBody(bodyBytes)
  switch (kind) {
    case "xadd":
      return xadds(lanes, delta)
    case "delta":
      return outputs(lanes, [delta], random)
    case "delta8":
      return outputs(lanes, Array<string>(deltasPerCall).fill(delta), random)
    case "send":
      return sends(lanes, messageBody(bodyBytes), random)
  }
}

/** Over the connection that the engine has, to a stream that nobody else writes. */
function xadds(lanes: readonly Lane[], body: string): Operation {
  const ways = lanes.map(({ engine, conversation }) => {
    const partition = engine.keys.partitionOf(conversation)
    const link = engine.store.topology.linkOf(partition)
    return { link, command: ["XADD", engine.keys.other(partition, "bare", conversation), "*", "b", body] }
  })
  return async (lane) => {
    const way = ways[lane]
    if (!way?.link) throw new Error("there is no connection")
    await way.link.send(way.command)
  }
}

function sectionOf(costs: readonly Costs[]): Section {
  return {
    name: "append-cost",
    title: "Redis CPU for one append with its publication, in times of a bare XADD",
    tables: [tableOf(costs)],
    notes: [
      `Events of ${bodyBytes} bytes, two nodes with one connection each, microseconds of the server's main thread for one event; ` +
        "the medians of the rounds, and in brackets the least and the most. Ratios are taken round by round.",
      `Judged at ${judgedInFlight} in flight a node with appendfsync always, heard by one more node: that is what two busy nodes look ` +
        "like. With one call in flight every call pays its own wake-up, read, write and fsync, the bare one as well; at 64 they are " +
        "shared by so many that little but the work itself is left, and a bare XADD has next to none.",
      "A delta: the fence and its count are checked, the entry is written, the owner's count moves on, and the entry is published. A " +
        "send: the idempotency key and the membership are checked, the entry and the key's record are written, and it is published.",
    ],
    targets: targetsOf(costs),
    plots: [plotOf(costs)],
  }
}

function tableOf(costs: readonly Costs[]): Table {
  const row = ({ durability, inFlight, isHeard, xadd, delta, delta8, send }: Costs) => [
    `${durability}, ${inFlight} a node, ${isHeard ? "heard" : "unheard"}`,
    shown(spreadOf(xadd), 1),
    ...[delta, send, delta8].flatMap((samples) => [spreadOf(samples).median.toFixed(1), shown(ratioOf(samples, xadd))]),
  ]
  const columns = ["in flight", "XADD µs", "delta µs", "times", "send µs", "times", "of 8 deltas µs", "times"]
  return { title: "Redis CPU for one event", columns, rows: costs.map(row) }
}

function targetsOf(costs: readonly Costs[]): Target[] {
  const found = costs.find(
    ({ durability, inFlight, isHeard }) => durability === "fsync" && inFlight === judgedInFlight && isHeard,
  )
  if (!found) throw new Error("the case that is judged was not measured")
  const target = (name: string, kind: keyof typeof targets): Target => ({
    name: `Redis CPU of ${name} against a bare XADD`,
    value: ratioOf(found[kind], found.xadd).median,
    max: targets[kind],
    unit: "x",
  })
  return [target("a fenced delta", "delta"), target("a send", "send"), target("a delta, 8 a call", "delta8")]
}

function plotOf(costs: readonly Costs[]): Plot {
  const drawn = costs.filter(({ durability, isHeard }) => durability === "fsync" && isHeard)
  const names: Readonly<Record<Kind, string>> = {
    xadd: "bare XADD",
    delta: "fenced delta",
    delta8: "delta, 8 a call",
    send: "send",
  }
  return {
    name: "redis-append-cost",
    title: "Redis CPU for one event, appendfsync always",
    unit: "µs",
    groups: drawn.map(({ inFlight }) => `${inFlight} in flight a node`),
    series: kinds.map((kind) => ({ name: names[kind], values: drawn.map((one): Spread => spreadOf(one[kind])) })),
  }
}
