/** A record as a run leaves one, made up by a seed: for looking at pages that no run has made yet, and for more than a run makes. */
import type { Random } from "@everthread/protocol"
import { type Finding, type History, seededRandom } from "@everthread/sim"
import type { FaultLine, OperationLine, RecordLine, RunLine, StateLine } from "../../src/record/record.ts"

export interface Making {
  readonly seed?: number
  readonly seconds?: number
  readonly perSecond?: number
  readonly findings?: readonly Finding[]
  /** What people write. */
  readonly text?: string
}

const nodes = ["node-1", "node-2", "node-3"]
const devices = ["ada/device-1", "ada/device-2", "bob/device-3", "cyd/device-4", "dan/device-5", "eve/device-6"]
const conversations = ["talk-k3f9a2xq", "talk-p81mzz0c"]

const nemeses = [
  {
    name: "kill-node",
    about: "ends a node with kill -9, and starts it again",
    lastsMs: 4_000,
    what: "killed (SIGKILL)",
  },
  { name: "pause-node", about: "stops a node for longer than its lease", lastsMs: 6_000, what: "stopped (SIGSTOP)" },
  { name: "cut-links", about: "ends every connection of devices at once", lastsMs: 0, what: "all links cut" },
  { name: "hold-link", about: "nothing gets through one way", lastsMs: 3_000, what: "held to the store" },
  { name: "pause-store", about: "stops Redis where it is", lastsMs: 2_500, what: "stopped (SIGSTOP)" },
  { name: "kill-subscribers", about: "ends Pub/Sub connections", lastsMs: 0, what: "CLIENT KILL TYPE pubsub" },
]

const targets = [nodes, nodes, ["network"], nodes, ["redis"], ["redis"]]

export function madeRecord(making: Making = {}): RecordLine[] {
  const { seed = 7, seconds = 60, perSecond = 90, findings = [], text = "good morning" } = making
  const random = seededRandom(seed)
  const faults = faultsOf(random, seconds * 1_000)
  const operations = operationsOf(random, faults, seconds * 1_000, perSecond)
  return [
    runOf(seed, seconds),
    ...statesOf(faults, random),
    ...faults,
    ...operations,
    ...conversations.map((conversation) => ({ type: "history", history: historyOf(conversation, text) }) as const),
    ...findings.map((finding) => ({ type: "finding", finding }) as const),
    endOf(operations, seconds * 1_000, findings.length),
  ]
}

function runOf(seed: number, seconds: number): RunLine {
  return {
    type: "run",
    beganAt: "2026-11-21T17:04:09.120Z",
    command: `npm run chaos -- --store redis --seconds ${seconds} --seed ${seed}`,
    seed,
    store: "redis",
    seconds,
    nodes,
    devices,
    conversations,
    nemeses: nemeses.map(({ name, about }) => ({ name, about })),
    leftOut: [
      { name: "kill-master", why: "there is no Sentinel that would make another one" },
      { name: "full-disk", why: "mounting a small disk needs root" },
    ],
  }
}

function faultsOf(random: Random, ms: number): FaultLine[] {
  const faults: FaultLine[] = []
  for (let atMs = 4_000; atMs < ms - 8_000; atMs += 1_500 + random.fraction() * 4_500) {
    const index = Math.floor(random.fraction() * nemeses.length)
    const [nemesis, of] = [nemeses[index], targets[index]]
    if (nemesis === undefined || of === undefined) continue
    const target = of[Math.floor(random.fraction() * of.length)] ?? ""
    const toMs = atMs + nemesis.lastsMs * (0.6 + random.fraction() * 0.8)
    faults.push({ type: "fault", nemesis: nemesis.name, target, what: nemesis.what, fromMs: atMs, toMs })
  }
  return faults
}

const downBy: Readonly<Record<string, "down" | "paused">> = {
  "kill-node": "down",
  "pause-node": "paused",
  "pause-store": "paused",
}

function statesOf(faults: readonly FaultLine[], random: Random): StateLine[] {
  const states: StateLine[] = nodes.map((name) => ({ type: "state", of: "node", name, state: "up", atMs: 0 }))
  states.push({ type: "state", of: "server", name: "redis", state: "up", atMs: 0 })
  for (const name of devices)
    states.push({ type: "state", of: "device", name, state: "live", node: "node-1", atMs: 250 })
  for (const { nemesis, target, fromMs, toMs } of faults) {
    const state = downBy[nemesis]
    const of = target === "redis" ? "server" : "node"
    if (state) states.push({ type: "state", of, name: target, state, atMs: fromMs })
    if (state) states.push({ type: "state", of, name: target, state: "up", atMs: toMs })
    for (const [index, name] of devices.entries()) {
      if (target !== "network" && `node-${(index % 3) + 1}` !== target) continue
      const node = nodes[Math.floor(random.fraction() * nodes.length)] ?? "node-1"
      states.push({ type: "state", of: "device", name, state: "away", atMs: fromMs })
      states.push({
        type: "state",
        of: "device",
        name,
        state: "live",
        node,
        atMs: fromMs + 300 + random.fraction() * 900,
      })
    }
  }
  return states.sort((a, b) => a.atMs - b.atMs)
}

function operationsOf(random: Random, faults: readonly FaultLine[], ms: number, perSecond: number): OperationLine[] {
  const operations: OperationLine[] = []
  for (let fromMs = 500; fromMs < ms; fromMs += (2_000 / perSecond) * random.fraction()) {
    const device = devices[Math.floor(random.fraction() * devices.length)] ?? ""
    const conversation = conversations[Math.floor(random.fraction() * conversations.length)] ?? ""
    const isAsk = random.fraction() < 0.06
    const fault = faults.find((each) => each.fromMs - 20 < fromMs && fromMs < each.toMs + 300)
    const slow = fault !== undefined && random.fraction() < 0.45 ? (fault.toMs - fromMs + 400) * random.fraction() : 0
    const took =
      3 + 9 * random.fraction() ** 3 + (random.fraction() < 0.01 ? 80 * random.fraction() : 0) + Math.max(slow, 0)
    const at = { type: "operation", device, conversation, node: nodes[operations.length % 3] ?? "", fromMs } as const
    const kind = isAsk ? "ask" : random.fraction() < 0.04 ? "edit" : "send"
    if (random.fraction() < 0.002) operations.push({ ...at, kind: "edit", outcome: "unknown" })
    else if (fault !== undefined && random.fraction() < 0.03)
      operations.push({ ...at, kind, outcome: "refused", code: "read_only", toMs: fromMs + took })
    else operations.push({ ...at, kind, outcome: "ok", toMs: fromMs + took })
    if (isAsk)
      operations.push({ ...at, kind: "first token", outcome: "ok", toMs: fromMs + took + 30 + 90 * random.fraction() })
  }
  return operations
}

export function historyOf(conversation: string, text: string): History {
  const log = Array.from({ length: 30 }, (_, index) => ({
    cursor: `${index + 1}-n${index}`,
    event: {
      type: "message",
      seq: index + 1,
      id: `m${index}`,
      user: "ada",
      text: `${text} ${index + 1}`,
      at: 1_780_000_000_000 + index,
    },
  })) as unknown as History["log"]
  return { conversation, devices: [], log, fresh: undefined as unknown as History["fresh"] }
}

function endOf(operations: readonly OperationLine[], ms: number, findings: number): RecordLine {
  const acknowledged = operations.filter(({ outcome }) => outcome === "ok").length
  const counts = {
    messages: operations.length,
    acknowledged,
    resent: 212,
    resets: 0,
    resetsMax: 0,
    resetsMin: 0,
    frames: 48_211,
    subscriptions: 96,
    runs: 41,
    attempts: 48,
  }
  return { type: "end", ms: ms + 3_100, counts, findings }
}
