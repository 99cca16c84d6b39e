/** Everybody who is measured at delivery, and how each is set up: its nodes, its Redis where it has one, its devices. */
import { type Child, startChild } from "../delivery/child.ts"
import type { LoadPlan } from "../delivery/load.ts"
import type { Shape } from "../delivery/rooms.ts"
import { allDone } from "../measure/all-done.ts"
import { mustAllowConnections } from "../measure/open-files.ts"
import { type BenchServer, startServer } from "../redis/server.ts"
import { rawFrameBytes, startWriter } from "./c-writer.ts"
import { type NodeSide, startJsSide } from "./node-side.ts"

export type ContestantName =
  | "everthread"
  | "everthread, two nodes"
  | "socket.io"
  | "socket.io, two nodes"
  | "ws, encoded once"
  | "ws, encoded for each"
  | "C"

export interface Setup {
  readonly dialect: LoadPlan["contestant"]
  readonly file: string
  readonly args: readonly string[]
  readonly nodes: number
  readonly needsRedis: boolean
}

type JsName = Exclude<ContestantName, "C">

const ours: Setup = { dialect: "ours", file: "delivery/our-node.js", args: [], nodes: 1, needsRedis: true }
const socketIo: Setup = {
  dialect: "socket.io",
  file: "delivery/socket-io-node.js",
  args: [],
  nodes: 1,
  needsRedis: false,
}
const ws: Setup = { dialect: "ws", file: "fan-out/ws-node.js", args: ["once"], nodes: 1, needsRedis: false }

export const setups: Readonly<Record<JsName, Setup>> = {
  everthread: ours,
  "everthread, two nodes": { ...ours, nodes: 2 },
  "socket.io": socketIo,
  "socket.io, two nodes": { ...socketIo, nodes: 2, needsRedis: true },
  "ws, encoded once": ws,
  "ws, encoded for each": { ...ws, args: ["each"] },
}

/** A contestant with every device of every room connected. */
export interface Stand {
  readonly shape: Shape
  readonly nodes: readonly NodeSide[]
  readonly server: BenchServer | undefined
  readonly load: Child
  stop(): Promise<void>
}

export interface Stands {
  readonly of: ReadonlyMap<ContestantName, Stand>
  /** Who is not there, and why. */
  readonly missing: readonly string[]
}

export async function withStands<Result>(
  names: readonly ContestantName[],
  shape: Shape,
  use: (stands: Stands) => Promise<Result>,
): Promise<Result> {
  mustAllowConnections(shape.rooms * shape.members)
  const stands = new Map<ContestantName, Stand>()
  const missing: string[] = []
  try {
    await allDone(
      names.map(async (name) => {
        const stand = name === "C" ? await startC(shape) : await startJs(setups[name], shape)
        if ("missing" in stand) missing.push(stand.missing)
        else stands.set(name, stand)
      }),
    )
    return await use({ of: stands, missing })
  } finally {
    for (const stand of stands.values()) await stand.stop()
  }
}

/** @throws Error for one who was not asked to come. */
export function mustGetStand({ of }: Stands, name: ContestantName): Stand {
  const stand = of.get(name)
  if (!stand) throw new Error(`${name} was not started`)
  return stand
}

async function startJs({ dialect, file, args, nodes: count, needsRedis }: Setup, shape: Shape): Promise<Stand> {
  const server = needsRedis ? await startServer("fsync") : undefined
  const all = server ? [server.url, ...args] : args
  const nodes = await Promise.all(Array.from({ length: count }, () => startJsSide(file, all)))
  return connected(nodes, server, { ...shape, contestant: dialect, ports: nodes.map(({ port }) => port) })
}

async function startC(shape: Shape): Promise<Stand | { missing: string }> {
  const writer = await startWriter()
  if ("missing" in writer) return writer
  return connected([writer], undefined, { ...shape, contestant: "ws", ports: [writer.port], rawFrameBytes })
}

async function connected(nodes: readonly NodeSide[], server: BenchServer | undefined, plan: LoadPlan): Promise<Stand> {
  const { child: load } = await startChild<string>("delivery/load.js", [JSON.stringify(plan)])
  const stop = async () => {
    await load.stop()
    await Promise.all(nodes.map((node) => node.stop()))
    await server?.stop()
  }
  return { shape: plan, nodes, server, load, stop }
}
