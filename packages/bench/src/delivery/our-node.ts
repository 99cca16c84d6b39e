/** A node as `everthread serve` makes it on Redis, without an agent worker. Arguments: the Redis URL. */
import { openRedisEngine } from "@everthread/engine-redis"
import { systemClock as clock, systemRandom as random } from "@everthread/protocol"
import { createAuthenticator, createMetrics, loadConfig, startServer } from "@everthread/server"
import { type RunOutput, runIn } from "../redis/appends.ts"
import { serveBench } from "./node-messages.ts"
import { roomName } from "./rooms.ts"

const [, , url = ""] = process.argv
const flags = { port: "0" }
const content = { rate_limit: { sends: 1_000_000, changes: 1_000_000 } }
const { config } = loadConfig({ env: {}, flags, file: { path: "bench", content } })
// A machine that is busy with something else is no store that is away.
const deadlineMs = 30_000
const engine = await openRedisEngine({ url, clock, random, durability: "fsync", deadlineMs })
const authenticator = await createAuthenticator(config.auth, clock)
const silent = { debug() {}, info() {}, warn: console.error, error: console.error }
const metrics = createMetrics(clock)
const node = `bench-${process.pid}`
const shared = { config, engine, authenticator, clock, random, node, metrics }
const server = await startServer({ ...shared, log: silent, agents: { names: [] } })
const runs = new Map<number, Promise<RunOutput>>()
serveBench(server.port, async (room, at, text) => {
  const conversation = roomName(room)
  const run = runs.get(room) ?? begin(conversation)
  runs.set(room, run)
  const say = await run
  await say([JSON.stringify({ type: "delta", message: "Vq3kT9aXw2", block: 0, at, text })])
})

/** One append by itself: of many at once, those that meet a server which does not know the script yet would come behind others. */
async function begin(conversation: string): Promise<RunOutput> {
  const say = await runIn({ engine, conversation }, random)
  await say([JSON.stringify({ type: "delta", message: "Vq3kT9aXw2", block: 0, at: 0, text: "" })])
  return say
}
