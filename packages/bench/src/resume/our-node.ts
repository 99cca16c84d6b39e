/** A node as `everthread serve` makes it, without an agent worker. Arguments: the Redis URL, or the folder of its store. */
import { type Engine, freshNonce } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { openRedisEngine } from "@everthread/engine-redis"
import { systemClock as clock, systemRandom as random, startCursor } from "@everthread/protocol"
import { createAuthenticator, createMetrics, loadConfig, startServer } from "@everthread/server"
import { drive } from "../measure/lanes.ts"
import { bodyOf } from "./bodies.ts"
import { type Filled, serveReturns } from "./node-process.ts"

const [, , place = ""] = process.argv
const flags = { port: "0" }
const content = { websocket: { connections_per_user: 10_000 }, rate_limit: { sends: 1_000_000, changes: 1_000_000 } }
const { config } = loadConfig({ env: {}, flags, file: { path: "bench", content } })
const engine = await openEngine()
const authenticator = await createAuthenticator(config.auth, clock)
const silent = { debug() {}, info() {}, warn: console.error, error: console.error }
const shared = {
  config,
  engine,
  authenticator,
  clock,
  random,
  node: `bench-${process.pid}`,
  metrics: createMetrics(clock),
}
const server = await startServer({ ...shared, log: silent, agents: { names: [] } })
const inFlight = 256
let made = 0
serveReturns(server.port, fill)

function openEngine(): Promise<Engine> {
  if (!place.startsWith("redis:")) return openEmbeddedEngine({ folder: place, clock })
  // A machine that is busy with something else is no store that is away.
  return openRedisEngine({ url: place, clock, random, durability: "fsync", deadlineMs: 30_000 })
}

async function fill(conversation: string, events: number): Promise<Filled> {
  await engine.log.create({
    conversation,
    nonce: freshNonce(random),
    bodies: [JSON.stringify({ type: "conversation.created", time: clock.now(), by: { user: "ada", device: "desk" } })],
    members: [{ user: "ada", role: "owner" }],
  })
  const from = (await engine.log.head(conversation)) ?? startCursor
  await drive(inFlight, events, async () => {
    made += 1
    const { status } = await engine.log.append({ conversation, nonce: freshNonce(random), bodies: [bodyOf(made)] })
    if (status !== "appended") throw new Error(`the append was answered with ${status}`)
  })
  return { from, head: (await engine.log.head(conversation)) ?? startCursor }
}
