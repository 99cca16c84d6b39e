/**
 * The store is put back to what it was a moment ago, as somebody does who restores a backup, or as it is where a replica
 * that lacks the tail takes over: devices hold what it has lost. (SPEC LIN1, LIN2)
 */
import { cp, rm } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { wholeIn } from "@everthread/sim"
import type { RedisServer } from "@everthread/stage"
import type { Nemesis } from "../nemesis.ts"
import { holdStore } from "./hold-store.ts"
import { onlyOn } from "./servers.ts"

/** Devices keep the last 50 messages that were acknowledged in each conversation, and nobody writes so many in this time. */
const ageMs = { least: 300, most: 1_200 }

export const restoreBackup: Nemesis = {
  name: "restore-backup",
  about: "Redis goes back to what it was a moment ago: what is lost, the devices bring back",
  lastsMs: { least: 100, most: 1_000 },
  unfit: onlyOn("redis"),
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const { store } = deployment
      if (store.kind !== "redis") return undefined
      const putBack = await backUp(store.server)
      const ms = wholeIn(random, ageMs.least, ageMs.most)
      await pause(ms)
      await store.server.kill()
      await putBack()
      return { what: `put back to what it was ${ms} ms ago`, rollback: true, heal: () => store.server.restart() }
    }),
}

/** An append-only file is a backup at any moment. @returns puts it in its place, for a server that is down. */
export async function backUp(server: RedisServer): Promise<() => Promise<void>> {
  const kept = join(server.folder, "backup")
  const data = join(server.folder, "appendonlydir")
  // Its files must not be exchanged while they are copied. It forgets this when it starts again.
  await server.cli("CONFIG", "SET", "auto-aof-rewrite-percentage", 0)
  await cp(data, kept, { recursive: true })
  return async () => {
    await rm(data, { recursive: true })
    await cp(kept, data, { recursive: true })
    await rm(kept, { recursive: true })
    server.disk?.settle(server.folder)
  }
}
