/** The store's memory is full: it takes no writes, and says so. (SPEC STO2) */
import type { RedisServer } from "@everthread/stage"
import type { Nemesis } from "../nemesis.ts"
import { holdStore } from "./hold-store.ts"
import { mastersOf, onServers } from "./servers.ts"

export const fillMemory: Nemesis = {
  name: "fill-memory",
  about: "Redis' memory is full: it refuses what makes it grow",
  lastsMs: { least: 1_000, most: 5_000 },
  unfit: onServers,
  begin: (deployment) =>
    holdStore(deployment, async () => {
      const freeAll = await Promise.all((await mastersOf(deployment)).map(limitMemory))
      return {
        what: "has no memory left (maxmemory)",
        heal: async () => void (await Promise.all(freeAll.map((free) => free()))),
      }
    }),
}

/** It may have no more than it has. @returns gives it as much as there is. */
export async function limitMemory(server: RedisServer): Promise<() => Promise<unknown>> {
  const used = Number(/used_memory:(\d+)/.exec(await server.cli("INFO", "memory"))?.[1])
  await server.cli("CONFIG", "SET", "maxmemory", used)
  return () => server.cli("CONFIG", "SET", "maxmemory", 0)
}
