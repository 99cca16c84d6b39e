/** Runners for the clients of `@redis/client` (and `redis`, which exports the same). None of it is imported here. */
import type { ScriptRunner } from "../script.ts"
import { evalshaRunner } from "./evalsha.ts"

/** RESP's mark of a bulk string, by which node-redis is told to give it as bytes. */
const bulkString = 36
const asBytes = { typeMapping: { [bulkString]: Buffer } } as const

type Arguments = (string | Buffer)[]

/** What is used of `createClient()`, which is connected already. */
export interface NodeRedisClient {
  sendCommand(args: Arguments, options: typeof asBytes): Promise<unknown>
}

/** What is used of `createCluster()`, which is connected already. */
export interface NodeRedisCluster {
  sendCommand(firstKey: string, isReadonly: boolean, args: Arguments, options: typeof asBytes): Promise<unknown>
}

export const nodeRedisRunner = (client: NodeRedisClient): ScriptRunner =>
  evalshaRunner((_firstKey, args) => client.sendCommand([...args], asBytes))

/** Always asks masters: a replica may not have what was just stored. */
export const nodeRedisClusterRunner = (cluster: NodeRedisCluster): ScriptRunner =>
  evalshaRunner((firstKey, args) => cluster.sendCommand(firstKey, false, [...args], asBytes))
