/**
 * What a delivered event costs the nodes: rooms of four across two nodes, beside Socket.IO in the same shape.
 *
 * Two server processes on one Redis, every device on a WebSocket of its own, the load in a process of its own. The
 * processor time of the two nodes between two moments, divided by what was delivered in between, is the figure.
 */
import { defaultAgentOptions } from "@everthread/agent"
import type { Bench } from "../bench.ts"
import { type Figures, measure, type Talk } from "../delivery/measure.ts"
import type { Shape } from "../delivery/rooms.ts"
import { type Contestant, type Stage, withStages } from "../delivery/stage.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { ratioOf, spreadOf } from "../measure/spread.ts"
import { type Plot, type Section, shown, type Table, type Target } from "../report/section.ts"

/** Somebody who is measured: a server, and how it is used. */
interface Entrant {
  readonly name: string
  readonly contestant: Contestant
  readonly talk: Talk
}

interface Case {
  readonly title: string
  /** Deliveries a second. */
  readonly offered: number
  readonly entrants: readonly Entrant[]
}

interface Measured extends Case {
  readonly samples: ReadonlyMap<string, readonly Figures[]>
}

const ratioMax = 0.25
/** Of one core: above it a process keeps others waiting. */
const busyMax = 0.85
const members = 4
const warmUpSeconds = 0.5
const windowMs = defaultAgentOptions.deltaWindowMs
/** What these libraries cost, without a promise: nobody's target, and everybody's floor. */
const floor = "the floor"
/** What makes the tokens is no part of delivering them, and runs in the nodes' processes all the same. */
const making = "making them alone"

export function delivery(bench: Bench): Promise<Section> {
  const shape: Shape = { rooms: bench.isQuick ? 200 : 500, members, textBytes: 200 }
  return withStages(["ours", "socket.io", "bare"], shape, async (stages) => {
    const measured: Measured[] = []
    for (const one of casesOf(bench)) measured.push(await measureCase(bench, one, stages))
    return sectionOf(shape, measured)
  })
}

function casesOf({ isQuick }: Bench): Case[] {
  const seconds = isQuick ? 0.8 : 1.5
  const messages = isQuick ? [1_000] : [250, 1_000, 2_000]
  const tokens = isQuick ? [speakers(20, 100)] : [speakers(20, 50), speakers(20, 100), speakers(100, 50)]
  return [
    ...messages.map((perSecond): Case => {
      const talk: Talk = { kind: "messages", perSecond, seconds }
      const entrants = (["ours", "socket.io"] as const).map((name): Entrant => ({ name, contestant: name, talk }))
      const offered = perSecond * members
      return {
        title: `${perSecond} messages/s`,
        offered,
        entrants: [...entrants, { name: floor, contestant: "bare", talk }],
      }
    }),
    ...tokens.map(({ rooms, perSecond }): Case => {
      const joined: Talk = { kind: "tokens", rooms, perSecond, seconds, windowMs, isSilent: false }
      const single: Talk = { ...joined, windowMs: 0 }
      return {
        title: `${rooms} runs of ${perSecond} tokens/s`,
        offered: rooms * perSecond * members,
        entrants: [
          { name: "ours", contestant: "ours", talk: joined },
          { name: "socket.io", contestant: "socket.io", talk: single },
          { name: "socket.io, joined alike", contestant: "socket.io", talk: joined },
          { name: `${floor}, joined alike`, contestant: "bare", talk: joined },
          { name: making, contestant: "ours", talk: { ...single, isSilent: true } },
        ],
      }
    }),
  ]
}

const speakers = (rooms: number, perSecond: number) => ({ rooms, perSecond })

async function measureCase(bench: Bench, one: Case, stages: ReadonlyMap<Contestant, Stage>): Promise<Measured> {
  const runs = one.entrants.map(({ name, contestant, talk }) => {
    const stage = stages.get(contestant)
    if (!stage) throw new Error(`${contestant} was not started`)
    return { name, run: () => measure(stage, talk), warmUp: () => measure(stage, { ...talk, seconds: warmUpSeconds }) }
  })
  bench.say(`delivery: ${one.title}: warming up`)
  // The code is warm, and every connection has been written to.
  for (const { warmUp } of runs) await warmUp()
  return { ...one, samples: await inRounds(bench.rounds, runs, (text) => bench.say(`delivery: ${one.title}: ${text}`)) }
}

function sectionOf(shape: Shape, measured: readonly Measured[]): Section {
  return {
    name: "delivery",
    title: `Node CPU for what is delivered: ${shape.rooms} rooms of ${shape.members}, two members on each of two nodes`,
    tables: [tableOf(measured)],
    notes: [
      "Messages: a device sends 200 bytes, all four get them, the sender included. Tokens: agents on the nodes speak in as many " +
        `rooms; ours joins what comes within ${windowMs} ms, with its agent worker's own code, Socket.IO sends each token as it comes, or ` +
        "joined with the same code. What is divided by is delivered messages and delivered tokens. What it takes the nodes to make the " +
        "tokens, at a model's pace, is measured by itself and taken off.",
      "appendfsync always for both. Socket.IO 4.8 with its Redis streams adapter and nothing further switched on. Both store before they " +
        "deliver: Socket.IO in one stream that is cut at 10,000 entries; ours in a log for each conversation, after the idempotency key, " +
        "the membership and the rate, or the fence, were checked.",
      "The floor: ws and node-redis, one XADD and one PUBLISH a message, frames ready-made, and nothing checked, kept in order or " +
        "given to anybody who comes back. What lies above it is what our promises cost.",
      "Each second: deliveries that were asked for, and that there were; a round ends when every device has everything. " +
        "Where they differ, somebody was saturated. Busy is a share of one core, the nodes' for each of the two, and the load's is the process " +
        "with all the devices: what is near 1 was saturated. One message at a time, one write to each socket is what both have in common, " +
        "and most of what either can do.",
      ...measured.flatMap(saturatedIn),
    ],
    targets: measured.map((one) => targetOf(one)),
    plots: [plotOf(measured)],
  }
}

/** Round by round, without what it took to make what was said. */
function costs({ samples }: Measured, name: string): number[] {
  const made = name === making ? undefined : samples.get(making)
  return mustGetSamples(samples, name).map(({ nodeUs }, round) => nodeUs - (made?.[round]?.nodeUs ?? 0))
}

function targetOf(one: Measured): Target {
  const value = ratioOf(costs(one, "ours"), costs(one, "socket.io")).median
  return { name: `node CPU of what is delivered against Socket.IO, ${one.title}`, value, max: ratioMax, unit: "x" }
}

function tableOf(measured: readonly Measured[]): Table {
  const rows = measured.flatMap((one) =>
    one.entrants.map(({ name }) => [`${one.title}: ${name}`, ...cellsOf(one, name)]),
  )
  const columns = [
    "",
    "node µs",
    "ratio",
    "Redis µs",
    "each s, offered",
    "delivered",
    "p50 ms",
    "p99 ms",
    "busy: node / Redis / load",
  ]
  return { title: "For one message or token that was delivered to one device", columns, rows }
}

function cellsOf(one: Measured, name: string): string[] {
  const of = (figure: (figures: Figures) => number) => spreadOf(mustGetSamples(one.samples, name).map(figure))
  const middle = (figure: (figures: Figures) => number, digits: number) => of(figure).median.toFixed(digits)
  const busy = [middle((at) => at.nodesBusy, 2), middle((at) => at.redisBusy, 2), middle((at) => at.loadBusy, 2)]
  const cost = shown(spreadOf(costs(one, name)), 1)
  // Nothing of it is delivered.
  if (name === making) return [cost, "", "", "", "", "", "", busy.join(" / ")]
  return [
    cost,
    `${ratioOf(costs(one, name), costs(one, "socket.io")).median.toFixed(2)}x`,
    middle((at) => at.redisUs, 1),
    String(one.offered),
    middle(deliveriesPerSecond, 0),
    middle((at) => at.delayMedianMs, 1),
    middle((at) => at.delayP99Ms, 1),
    busy.join(" / "),
  ]
}

const deliveriesPerSecond = ({ delivered, seconds }: Figures): number => delivered / seconds

/** Whose figures say what a process can do at most, and not what a delivery takes. */
function saturatedIn({ title, entrants, samples }: Measured): string[] {
  const heavy = entrants.filter(
    ({ name }) => spreadOf(mustGetSamples(samples, name).map(({ loadBusy }) => loadBusy)).median > busyMax,
  )
  return heavy.map(({ name }) => `${title}: the load of ${name} was saturated, so its delays are the load's own.`)
}

function plotOf(measured: readonly Measured[]): Plot {
  const names = ["socket.io", "ours", "socket.io, joined alike", floor, `${floor}, joined alike`]
  return {
    name: "redis-delivery",
    title: "Node CPU for one delivered message or token",
    unit: "µs",
    groups: measured.map(({ title }) => title),
    series: names.map((name) => ({
      name,
      values: measured.map((one) => (one.samples.has(name) ? spreadOf(costs(one, name)) : undefined)),
    })),
  }
}
