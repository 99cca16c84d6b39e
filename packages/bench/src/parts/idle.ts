/** What a node holds for a connection on which nothing happens, beside Socket.IO and bare `ws`. */
import type { Bench } from "../bench.ts"
import { startChild } from "../delivery/child.ts"
import type { LoadPlan } from "../delivery/load.ts"
import { setups } from "../fan-out/contestants.ts"
import { type Footprint, type JsSide, startJsSide } from "../fan-out/node-side.ts"
import { mustAllowConnections } from "../measure/open-files.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { spreadOf } from "../measure/spread.ts"
import { startServer } from "../redis/server.ts"
import { type Section, shown } from "../report/section.ts"

interface Entrant {
  readonly name: string
  readonly setup: "everthread" | "socket.io" | "ws, encoded once"
  /** Or follows a conversation, or is in a room, of four. */
  readonly isIdle: boolean
}

const ours = "everthread"
const entrants: readonly Entrant[] = [
  { name: ours, setup: "everthread", isIdle: true },
  { name: "everthread, in a room of four", setup: "everthread", isIdle: false },
  { name: "socket.io", setup: "socket.io", isIdle: true },
  { name: "socket.io, in a room of four", setup: "socket.io", isIdle: false },
  { name: "ws", setup: "ws, encoded once", isIdle: true },
]
/** It is no time, and hardly differs from one round to the next. */
const roundsMax = 2
const kilobyte = 1_024
const targetKbMax = 10
/** Connected first and not counted: what comes with the first connections comes once. */
const warmConnections = 400

export async function idle(bench: Bench): Promise<Section> {
  const connections = bench.isQuick ? 2_000 : 10_000
  mustAllowConnections(connections + warmConnections)
  const present = bench.isQuick ? entrants.filter(({ isIdle }) => isIdle) : entrants
  const runs = present.map((entrant) => ({ name: entrant.name, run: () => hold(entrant, connections) }))
  const samples = await inRounds(bench.isQuick ? 1 : Math.min(bench.rounds, roundsMax), runs, (text) =>
    bench.say(`idle: ${text}`),
  )
  const of = (name: string, figure: keyof Footprint) =>
    spreadOf(mustGetSamples(samples, name).map((held) => held[figure] / kilobyte))
  return {
    name: "idle",
    title: `Memory of a connection on which nothing happens, ${connections} of them`,
    tables: [
      {
        title: "KB for one connection, in the node's process",
        columns: ["", "resident", "held by JavaScript"],
        rows: present.map(({ name }) => [name, shown(of(name, "residentBytes"), 1), shown(of(name, "heldBytes"), 1)]),
      },
    ],
    notes: [
      `What the process has after a full collection, less what it had with ${warmConnections} connections, divided by those that came in between. ` +
        "Every device has said who it is; no two share a user. The larger of the two figures is held to the target: with few connections " +
        "a process finds room for them in what it had already. The kernel's buffers are not the process's and are left out, for all alike.",
    ],
    targets: [
      {
        name: `memory of an idle connection, ${connections} of them`,
        brief: "# an idle connection",
        value: Math.max(of(ours, "residentBytes").median, of(ours, "heldBytes").median),
        max: targetKbMax,
        unit: " KB",
      },
    ],
    plots: [],
  }
}

/** @returns bytes for one connection. */
async function hold({ setup, isIdle }: Entrant, connections: number): Promise<Footprint> {
  const { dialect, file, args, needsRedis } = setups[setup]
  const server = needsRedis ? await startServer("fsync") : undefined
  const node = await startJsSide(file, server ? [server.url, ...args] : args)
  try {
    return await grownBy(node, { contestant: dialect, isIdle }, connections)
  } finally {
    await node.stop()
    await server?.stop()
  }
}

async function grownBy(
  node: JsSide,
  kind: Pick<LoadPlan, "contestant" | "isIdle">,
  connections: number,
): Promise<Footprint> {
  const connect = async (count: number, firstRoom: number) => {
    const plan = { ...kind, ports: [node.port], rooms: count / 4, members: 4, textBytes: 200, firstRoom }
    return (await startChild<string>("delivery/load.js", [JSON.stringify(plan satisfies LoadPlan)])).child
  }
  const warm = await connect(warmConnections, 0)
  const before = await node.footprint()
  const load = await connect(connections, warmConnections)
  const after = await node.footprint()
  await Promise.all([load.stop(), warm.stop()])
  return {
    residentBytes: (after.residentBytes - before.residentBytes) / connections,
    heldBytes: (after.heldBytes - before.heldBytes) / connections,
  }
}
