/** The Redis of somebody else's cluster: read at the end, and, where it is one server, rid of its subscribers in between. */
import { openRedisReader, type RedisReader } from "@everthread/engine-redis"
import { createClient } from "@redis/client"

export interface AttackedRedis {
  readonly reader: RedisReader
  /** `undefined` where it is more than one server. */
  readonly killSubscribers: (() => Promise<void>) | undefined
  close(): Promise<void>
}

/** @throws EngineError that says why it cannot be read. */
export async function openAttackedRedis(url: string, prefix: string | undefined): Promise<AttackedRedis> {
  const reader = await openRedisReader({ url, ...(prefix === undefined ? {} : { prefix }) })
  const client = isSingle(url, reader) ? createClient({ url, socket: { reconnectStrategy: false } }) : undefined
  client?.on("error", () => undefined)
  await client?.connect()
  return {
    reader,
    killSubscribers: client && (async () => void (await client.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]))),
    async close() {
      client?.destroy()
      await reader.close()
    },
  }
}

/** Elsewhere each server has subscribers of its own, and which there are may change meanwhile. */
function isSingle(url: string, { description }: RedisReader): boolean {
  return !url.includes("?") && description.endsWith("(standalone)")
}
