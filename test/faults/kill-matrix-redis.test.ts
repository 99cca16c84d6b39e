/** Redis: a node dies by SIGKILL at every kind of place, and another one takes over what it was at. */

import { NodePlace } from "@everthread/chaos"
import { openRedisEngine } from "@everthread/engine-redis"
import { FaultNode, killNodes, type RedisServer, startRedis } from "@everthread/stage"
import { expectRow } from "./stage/expect-row.ts"
import { journeyAgent, journeyFile } from "./stage/journey.ts"
import { type Played, playMatrix } from "./stage/kill-matrix.ts"
import { rows } from "./stage/matrix-rows.ts"
import { Watcher } from "./stage/watcher.ts"

let redis: RedisServer
let watcher: Watcher
let nodes: readonly FaultNode[] = []
let played: readonly Played[] = []

beforeAll(async () => {
  redis = await startRedis()
  watcher = await Watcher.start()
  const agents = { [journeyAgent]: journeyFile }
  const common = { redis: redis.url, durability: "fsync", leaseSeconds: 1, agents, env: watcher.env }
  nodes = ["m1", "m2"].map((name) => new FaultNode({ name, ...common }))
  await Promise.all(nodes.map((node) => node.start()))
  const openStore = () => openRedisEngine({ url: redis.url, durability: "memory" })
  const place = new NodePlace(nodes, Math.random)
  played = await playMatrix({ nodes, place, watcher, hasOthers: true, openStore })
}, 150_000)
afterAll(async () => {
  await killNodes(nodes)
  await watcher.close()
  await redis.stop()
})

test.each(rows.map(({ rules, title }, index) => [rules, title, index] as const))(
  "%s killed, and taken over: %s",
  (_rules, _title, index) => {
    const one = played[index]
    expect(one).toBeDefined()
    if (one) expectRow(one, watcher, true)
  },
)
