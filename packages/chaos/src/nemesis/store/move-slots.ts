/** The slots of conversations move around all masters of a cluster while everybody writes. (SPEC STO7) */

import { anyOf } from "@everthread/sim"
import type { Cluster, RedisServer } from "@everthread/stage"
import { again } from "../again.ts"
import type { Nemesis } from "../nemesis.ts"
import { holdStore } from "./hold-store.ts"
import { onlyOn } from "./servers.ts"

const betweenMsMax = 300

export const moveSlots: Nemesis = {
  name: "move-slots",
  about: "the slots of conversations move from master to master, again and again",
  lastsMs: { least: 2_000, most: 6_000 },
  unfit: onlyOn("cluster"),
  begin: (deployment, random) =>
    holdStore(deployment, async () => {
      const { store, crowd } = deployment
      if (store.kind !== "cluster") return undefined
      const slots = await slotsOf(store.cluster, crowd.conversations)
      const move = async () => {
        const slot = anyOf(random, slots)
        const masters = await store.cluster.mastersNow()
        const from = slot === undefined ? undefined : await store.cluster.masterOf(slot)
        const to = anyOf(
          random,
          masters.filter((master) => master !== from),
        )
        if (slot !== undefined && to) await store.cluster.moveSlotTo(slot, to)
      }
      return {
        what: `moved the slots ${slots.join(", ")} from master to master`,
        heal: again(random, betweenMsMax, move),
      }
    }),
}

/** The slots in which these conversations lie, as the servers see it. */
export async function slotsOf(cluster: Cluster, conversations: readonly string[]): Promise<readonly number[]> {
  const masters = await cluster.mastersNow()
  const found = await Promise.all(conversations.flatMap((id) => masters.map((master) => slotIn(master, id))))
  return [...new Set(found.flat())]
}

async function slotIn(master: RedisServer, conversation: string): Promise<number[]> {
  const [key] = (await master.cli("KEYS", `*:${conversation}`)).split("\n")
  return key ? [Number(await master.cli("CLUSTER", "KEYSLOT", key))] : []
}
