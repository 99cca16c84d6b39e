/** A Redis of the bench's own, which does nothing but what is measured. It goes when this process does, however it ends. */
import { type RedisConfig, startRedis } from "@everthread/stage"
import { type Control, openControl } from "./control.ts"

/** What is on the disk when an append is answered; the levels of the same names in docs/redis.md. */
export type ServerDurability = "memory" | "everysec" | "fsync"

export interface BenchServer {
  readonly url: string
  readonly durability: ServerDurability
  readonly control: Control
  stop(): Promise<void>
}

const settingsOf: Readonly<Record<ServerDurability, RedisConfig>> = {
  memory: { appendonly: "no" },
  everysec: { appendonly: "yes", appendfsync: "everysec" },
  fsync: { appendonly: "yes", appendfsync: "always" },
}
/** Nothing may begin in the background and be counted as somebody's work. */
const quiet: RedisConfig = { save: "", "auto-aof-rewrite-percentage": 0 }

export async function startServer(durability: ServerDurability, config: RedisConfig = {}): Promise<BenchServer> {
  const server = await startRedis({ config: { ...quiet, ...settingsOf[durability], ...config } })
  const control = await openControl(server.url)
  return {
    url: server.url,
    durability,
    control,
    async stop() {
      control.close()
      await server.stop()
    },
  }
}
