/** The disk under a store of one server: full, slow. It has to stand on one that can be made so. (SPEC STO2) */
import { wholeIn } from "@everthread/sim"
import { type FaultyDisk, type RedisServer, until } from "@everthread/stage"
import type { Deployment } from "../../deployment/deployment.ts"
import type { Nemesis } from "../nemesis.ts"
import { holdStore } from "./hold-store.ts"
import { onlyOn } from "./servers.ts"

export interface OnDisk {
  readonly server: RedisServer
  readonly disk: FaultyDisk
}

export function diskOf({ store }: Deployment): OnDisk | undefined {
  const server = store.kind === "redis" ? store.server : undefined
  return server?.disk && { server, disk: server.disk }
}

export function needsDisk(deployment: Deployment): string | undefined {
  const other = onlyOn("redis")(deployment)
  return other ?? (diskOf(deployment) ? undefined : "a disk that fails needs a C compiler (cc), and Linux")
}

export const fillDisk: Nemesis = {
  name: "fill-disk",
  about: "Redis' disk is full: under AOF everysec it takes no writes, under always it ends",
  lastsMs: { least: 1_000, most: 4_000 },
  unfit: needsDisk,
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const on = diskOf(deployment)
      if (!on) return undefined
      return random.fraction() < 0.5 ? fillWithEverySecond(on) : fillWithAlways(on)
    }),
}

async function fillWithEverySecond({ server, disk }: OnDisk) {
  await server.cli("CONFIG", "SET", "appendfsync", "everysec")
  disk.fill()
  return {
    what: "has no room on its disk, with appendfsync everysec",
    async heal() {
      disk.makeRoom()
      // Refused for as long as Redis has not written what it kept back.
      await until("the store to be as durable as before", () => server.cli("CONFIG", "SET", "appendfsync", "always"))
    },
  }
}

async function fillWithAlways({ server, disk }: OnDisk) {
  disk.fill()
  // Nothing of what it cannot write may be acknowledged, so Redis gives up at the next write.
  await until("the store to end", async () => server.state === "ended")
  return {
    what: "has no room on its disk, and ended",
    async heal() {
      disk.makeRoom()
      await server.restart()
    },
  }
}

const syncMs = { least: 20, most: 300 }

export const slowDisk: Nemesis = {
  name: "slow-disk",
  about: "every sync of Redis' disk takes up to 0.3 s longer",
  lastsMs: { least: 2_000, most: 6_000 },
  unfit: needsDisk,
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const disk = diskOf(deployment)?.disk
      const ms = wholeIn(random, syncMs.least, syncMs.most)
      disk?.slowDown(ms)
      return disk && { what: `takes ${ms} ms longer for every sync`, heal: async () => disk.slowDown(0) }
    }),
}
