/** A node as `everthread serve` makes it on Redis, without an agent worker. Arguments: the Redis URL. */
import { openRedisEngine } from "@everthread/engine-redis"
import { systemClock as clock, systemRandom as random } from "@everthread/protocol"
import { createAuthenticator, createMetrics, loadConfig, startServer } from "@everthread/server"
import { serveBench } from "./node-messages.ts"

const [, , url = ""] = process.argv
const flags = { port: "0" }
const content = { rate_limit: { sends: 1_000_000 } }
const { config } = loadConfig({ env: {}, flags, file: { path: "bench", content } })
const engine = await openRedisEngine({ url, clock, random, durability: "fsync" })
const authenticator = await createAuthenticator(config.auth, clock)
const silent = { debug() {}, info() {}, warn: console.error, error: console.error }
const metrics = createMetrics(clock)
const node = `bench-${process.pid}`
const shared = { config, engine, authenticator, clock, random, node, metrics }
const server = await startServer({ ...shared, log: silent, agents: { names: [] } })
serveBench(server.port)
