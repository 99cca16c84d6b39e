/**
 * The load, in a process of its own: every device of every room, and what they send.
 *
 * Sending keeps to the clock and does not wait for answers, so that a contestant who is slow is not asked less.
 */

import { setTimeout as pause } from "node:timers/promises"
import { percentileOf } from "../measure/spread.ts"
import { bareDialect } from "./bare-dialect.ts"
import { answerBench, fail } from "./child-side.ts"
import { ourDialect } from "./our-dialect.ts"
import { type Dialect, openPeer, type Peer, type Tally } from "./peer.ts"
import { openRawPeer } from "./raw-peer.ts"
import { roomName, type Shape, textOf } from "./rooms.ts"
import { socketIoDialect } from "./socket-io-dialect.ts"
import { wsDialect } from "./ws-dialect.ts"

export interface LoadPlan extends Shape {
  readonly contestant: "ours" | "socket.io" | "bare" | "ws"
  readonly ports: readonly number[]
  /** Where another load has rooms before these. */
  readonly firstRoom?: number
  /** Each connection says who it is and nothing more. */
  readonly isIdle?: boolean
  /** Of a writer that speaks no protocol: what each event is on the wire. */
  readonly rawFrameBytes?: number
}

/** What is to be delivered; `sends`: and sent here, at this rate. */
export interface Burst {
  readonly deliveries: number
  readonly sends?: { readonly messages: number; readonly perSecond: number }
}

export interface BurstResult {
  readonly delivered: number
  readonly seconds: number
  readonly delayMedianMs: number
  readonly delayP99Ms: number
  /** Share of one core that the load itself took. */
  readonly loadBusy: number
}

/** One device sends, waits for the acknowledgement and for its own message, and sends again. */
export interface Echoes {
  readonly echoes: number
}

/** All that each took, in microseconds. */
export interface EchoResult {
  readonly ackUs: readonly number[]
  readonly echoUs: readonly number[]
}

const connectingAtOnce = 200
const tickMs = 5
const quietMs = 500
const deliveryMsMax = 60_000
/** The same clock in every process of this machine: a token is stamped in another one. */
const nowUs = () => (performance.timeOrigin + performance.now()) * 1_000

const plan: LoadPlan = JSON.parse(process.argv[2] ?? "")
const dialects: Readonly<Record<LoadPlan["contestant"], () => Dialect>> = {
  ours: () => ourDialect(`k${process.pid}`),
  "socket.io": socketIoDialect,
  bare: bareDialect,
  ws: wsDialect,
}
const dialect = dialects[plan.contestant]()
const tally: Tally = { delivered: 0, heardAt: 0, delaysUs: [] }
/** What all bursts so far come to. The count goes on from one to the next: a node may be asked, and deliver, before this process is. */
let due = 0
const peers = await connectAll()
await quiet()
answerBench(answer)

function answer(asked: Burst | Echoes): Promise<BurstResult | EchoResult> {
  return "echoes" in asked ? echo(asked) : run(asked)
}

function connectAll(): Promise<Peer[][]> {
  return inBatches(plan.rooms, Math.ceil(connectingAtOnce / plan.members), (index) =>
    connectRoom((plan.firstRoom ?? 0) + index),
  )
}

async function connectRoom(room: number): Promise<Peer[]> {
  const opened = await inBatches(plan.members, connectingAtOnce, (member) => connect(room, member))
  const [first] = opened
  if (!first) return fail(`nobody is in ${roomName(room)}`)
  if (plan.isIdle || plan.rawFrameBytes !== undefined) return opened
  await dialect.create(first, room, plan.members)
  await inBatches(plan.members, connectingAtOnce, (member) => dialect.enter(opened[member] ?? first, room, member))
  return opened
}

async function connect(room: number, member: number): Promise<Peer> {
  const number = room * plan.members + member
  // By turns on the nodes.
  const port = plan.ports[member % plan.ports.length] ?? 0
  if (plan.rawFrameBytes !== undefined) return openRawPeer(port, number, plan.rawFrameBytes, tally)
  const peer = await openPeer(`ws://127.0.0.1:${port}${dialect.path(room)}`, number, dialect, tally, nowUs)
  await dialect.greet(peer, room, member)
  return peer
}

async function inBatches<T>(count: number, atOnce: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = []
  while (made.length < count) {
    const some = Array.from({ length: Math.min(atOnce, count - made.length) }, (_, index) => made.length + index)
    made.push(...(await Promise.all(some.map(make))))
  }
  return made
}

/** What people are told of each other's coming is over. */
async function quiet(): Promise<void> {
  while (nowUs() / 1_000 - tally.heardAt < quietMs) await pause(quietMs / 5)
}

async function run({ deliveries, sends }: Burst): Promise<BurstResult> {
  due += deliveries
  tally.delaysUs.length = 0
  const cpuBefore = process.cpuUsage()
  const startedAt = nowUs()
  if (sends) await sendAll(sends)
  await delivered(due)
  const tookUs = nowUs() - startedAt
  const { user, system } = process.cpuUsage(cpuBefore)
  const sorted = Float64Array.from(tally.delaysUs).sort()
  return {
    delivered: deliveries,
    seconds: tookUs / 1e6,
    delayMedianMs: percentileOf(sorted, 0.5) / 1_000,
    delayP99Ms: percentileOf(sorted, 0.99) / 1_000,
    loadBusy: (user + system) / tookUs,
  }
}

async function sendAll({ messages, perSecond }: NonNullable<Burst["sends"]>): Promise<void> {
  const startedAt = nowUs()
  for (let sent = 0; sent < messages; await pause(tickMs)) {
    const due = Math.min(messages, Math.floor(((nowUs() - startedAt) / 1e6) * perSecond))
    for (; sent < due; sent++) send(sent)
  }
}

/** Every room by turns, and each time another member. */
function send(index: number): void {
  const room = index % plan.rooms
  const member = (index + Math.floor(index / plan.rooms)) % plan.members
  const peer = peers[room]?.[member]
  if (!peer) return fail("there is no such device")
  dialect.send(peer, room, textOf(plan.textBytes, nowUs()))
}

async function delivered(count: number): Promise<void> {
  const end = nowUs() + deliveryMsMax * 1_000
  while (tally.delivered < count) {
    if (nowUs() > end) fail(`${tally.delivered} of ${count} were delivered`)
    await pause(tickMs)
  }
}

async function echo({ echoes }: Echoes): Promise<EchoResult> {
  const peer = peers[0]?.[0] ?? fail("there is no device")
  const ackUs: number[] = []
  const echoUs: number[] = []
  for (let sent = 0; sent < echoes; sent++) {
    const atUs = nowUs()
    const echoed = peer.delivered().then(() => void echoUs.push(nowUs() - atUs))
    await peer.heard(dialect.send(peer, 0, textOf(plan.textBytes, atUs)))
    ackUs.push(nowUs() - atUs)
    await echoed
  }
  return { ackUs, echoUs }
}
