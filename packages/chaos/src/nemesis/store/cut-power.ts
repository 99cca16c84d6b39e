/**
 * The store's machine loses its power: what was not synced is gone, and of that a piece is there all the same. With AOF
 * `always` nothing that was acknowledged may be lost; with `everysec` it is, and the devices bring it back. (SPEC ACK1, LIN2)
 */

import type { Random } from "@everthread/protocol"
import { mendAof, type RedisServer, until } from "@everthread/stage"
import type { Nemesis } from "../nemesis.ts"
import { diskOf, needsDisk, type OnDisk } from "./disk.ts"
import { holdStore } from "./hold-store.ts"

const lastsMs = { least: 300, most: 2_000 }

export const cutPower: Nemesis = {
  name: "cut-power",
  about: "Redis' machine loses its power, with AOF always: nothing acknowledged may be lost",
  lastsMs,
  unfit: needsDisk,
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const on = diskOf(deployment)
      return on && { what: `lost its power, and ${await powerOff(on, random)} bytes`, heal: () => restarted(on.server) }
    }),
}

export const cutPowerEverySecond: Nemesis = {
  name: "cut-power-everysec",
  about: "the same with AOF everysec: what is lost, the devices bring back",
  lastsMs,
  unfit: needsDisk,
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const on = diskOf(deployment)
      if (!on) return undefined
      await on.server.cli("CONFIG", "SET", "appendfsync", "everysec")
      await until("something not to be synced", async () => on.disk.unsyncedBytes(on.server.folder) > 0)
      const lost = await powerOff(on, random)
      // It starts with what its configuration says, so that it is as durable as its nodes demand.
      return {
        what: `lost its power, and ${lost} bytes, with appendfsync everysec`,
        rollback: true,
        heal: () => restarted(on.server),
      }
    }),
}

/** As whoever looks after it does: Redis alone would do what was lost in part at the start after the next one. */
async function restarted(server: RedisServer): Promise<void> {
  await mendAof(server.folder)
  await server.restart()
}

/** @returns how many bytes it has taken. */
async function powerOff({ server, disk }: OnDisk, random: Random): Promise<number> {
  await server.kill()
  return disk.cutPower(server.folder, () => random.fraction())
}
