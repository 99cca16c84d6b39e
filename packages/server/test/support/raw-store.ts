/** All that a store holds, as text: to look for what must not be in it any more. */
import type { EmbeddedEngine } from "@everthread/engine-embedded"
import type { RedisServer } from "@everthread/stage"

/** Records of the embedded store, keys and values. */
export function rawEmbedded({ store }: EmbeddedEngine): string {
  return store.read(({ records }) => JSON.stringify([...records.getRange({})]))
}

const reading: Readonly<Record<string, readonly string[]>> = {
  string: ["GET"],
  hash: ["HGETALL"],
  set: ["SMEMBERS"],
  zset: ["ZRANGE", "0", "-1", "WITHSCORES"],
  list: ["LRANGE", "0", "-1"],
  stream: ["XRANGE", "-", "+"],
}

/** Every key of a Redis, and what it holds. */
export async function rawRedis(redis: Pick<RedisServer, "command">): Promise<string> {
  const keys = (await redis.command("KEYS", "*")) as string[]
  const values = keys.map(async (key) => {
    const [command = "", ...more] = reading[String(await redis.command("TYPE", key))] ?? []
    return [key, await redis.command(command, key, ...more)]
  })
  return JSON.stringify(await Promise.all(values))
}
