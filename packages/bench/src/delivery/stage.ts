/** A contestant set up: its Redis, its two nodes, and every device of every room connected. */
import { allDone } from "../measure/all-done.ts"
import { mustAllowConnections } from "../measure/open-files.ts"
import { type BenchServer, startServer } from "../redis/server.ts"
import { type Child, startChild } from "./child.ts"
import type { LoadPlan } from "./load.ts"
import type { FromNode } from "./node-messages.ts"
import { nodeCount, type Shape } from "./rooms.ts"

export type Contestant = Exclude<LoadPlan["contestant"], "ws">

export interface Stage {
  readonly shape: Shape
  readonly server: BenchServer
  readonly nodes: readonly Child[]
  readonly load: Child
}

const nodeFiles: Readonly<Record<Contestant, string>> = {
  ours: "delivery/our-node.js",
  "socket.io": "delivery/socket-io-node.js",
  bare: "delivery/bare-node.js",
}

export async function withStages<Result>(
  contestants: readonly Contestant[],
  shape: Shape,
  use: (stages: ReadonlyMap<Contestant, Stage>) => Promise<Result>,
): Promise<Result> {
  mustAllowConnections(shape.rooms * shape.members)
  const stages = new Map<Contestant, Stage>()
  try {
    await allDone(contestants.map(async (name) => void stages.set(name, await startStage(name, shape))))
    return await use(stages)
  } finally {
    for (const stage of stages.values()) await stop(stage)
  }
}

async function startStage(contestant: Contestant, shape: Shape): Promise<Stage> {
  const server = await startServer("fsync")
  const file = nodeFiles[contestant]
  const started = await Promise.all(Array.from({ length: nodeCount }, () => startChild<FromNode>(file, [server.url])))
  const ports = started.map(({ greeting }) => (greeting.is === "ready" ? greeting.port : 0))
  const plan: LoadPlan = { ...shape, contestant, ports }
  const { child: load } = await startChild<string>("delivery/load.js", [JSON.stringify(plan)])
  return { shape, server, nodes: started.map(({ child }) => child), load }
}

async function stop({ load, nodes, server }: Stage): Promise<void> {
  await load.stop()
  await Promise.all(nodes.map((node) => node.stop()))
  await server.stop()
}
