/**
 * A master is replaced: as an operator does it, after its death, while it is frozen and comes back, and by a replica that
 * lacks its last second. Replication waits for nobody, so each of these may lose what was acknowledged. (SPEC LIN1, STO3)
 */
import { setTimeout as pause } from "node:timers/promises"
import type { Random } from "@everthread/protocol"
import { anyOf, wholeIn } from "@everthread/sim"
import type { RedisServer, SentinelGroup } from "@everthread/stage"
import type { Deployment } from "../../deployment/deployment.ts"
import type { Nemesis } from "../nemesis.ts"
import { holdStore, type StoreHarm } from "./hold-store.ts"
import { mastersOf, nameIn, onlyOn } from "./servers.ts"
import { masterIsReplaced, settled } from "./successor.ts"

const watched = onlyOn("sentinel", "cluster")
const rollback = true

export const plannedFailover: Nemesis = {
  name: "planned-failover",
  about: "an operator has a replica take the master's place (SENTINEL FAILOVER)",
  lastsMs: { least: 0, most: 0 },
  unfit: onlyOn("sentinel"),
  begin: (deployment) =>
    ofGroup(deployment, async (group) => {
      const target = nameIn(deployment, await group.master())
      await group.failOver()
      return {
        target,
        what: "made a replica by hand (SENTINEL FAILOVER)",
        rollback,
        heal: () => group.settled(),
      }
    }),
}

export const killMaster: Nemesis = {
  name: "kill-master",
  about: "a master is killed (SIGKILL), and comes back when a replica has taken its place",
  lastsMs: { least: 500, most: 4_000 },
  unfit: watched,
  begin: (deployment, random) =>
    ofMaster(deployment, random, async (master) => {
      await master.kill()
      return { what: "killed (SIGKILL) until it was replaced", rollback, heal: () => master.restart() }
    }),
}

export const pauseMaster: Nemesis = {
  name: "pause-master",
  about: "a master stands still (SIGSTOP) until a replica has taken its place, and goes on",
  lastsMs: { least: 500, most: 3_000 },
  unfit: watched,
  begin: (deployment, random) =>
    ofMaster(deployment, random, async (master) => {
      await master.freeze()
      return { what: "stopped (SIGSTOP) until it was replaced", rollback, heal: async () => master.thaw() }
    }),
}

/** Less than the Sentinels wait before they show replicas the right master again. */
const tailMs = { least: 300, most: 1_200 }
/** Where nobody listens. */
const nowhere = ["REPLICAOF", "127.0.0.1", 1] as const

export const loseTail: Nemesis = {
  name: "lose-tail",
  about: "a master is killed whose replicas were cut off before, so that the next master lacks what came since",
  lastsMs: { least: 500, most: 2_000 },
  unfit: onlyOn("sentinel"),
  begin: (deployment, random) =>
    ofMaster(deployment, random, async (master) => {
      await Promise.all(replicasOf(deployment, master).map((replica) => replica.cli(...nowhere)))
      const ms = wholeIn(random, tailMs.least, tailMs.most)
      await pause(ms)
      await master.kill()
      return {
        what: `killed (SIGKILL), ${ms} ms after its replicas were cut off`,
        rollback,
        heal: () => master.restart(),
      }
    }),
}

function replicasOf({ store }: Deployment, master: RedisServer): readonly RedisServer[] {
  return store.kind === "sentinel" ? store.group.servers.filter((server) => server !== master) : []
}

function ofGroup(deployment: Deployment, begin: (group: SentinelGroup) => Promise<StoreHarm>) {
  const { store } = deployment
  return holdStore(deployment, async () => (store.kind === "sentinel" ? begin(store.group) : undefined))
}

/** The harm is healed when every server has what its master has: the next one must not take more than a tail. */
function ofMaster(deployment: Deployment, random: Random, begin: (master: RedisServer) => Promise<StoreHarm>) {
  return holdStore(deployment, async () => {
    const master = anyOf(random, await mastersOf(deployment))
    if (!master) return undefined
    const harm = await begin(master)
    const heal = async () => {
      await masterIsReplaced(deployment, master)
      await harm.heal()
      await settled(deployment)
    }
    return { ...harm, target: nameIn(deployment, master), heal }
  })
}
