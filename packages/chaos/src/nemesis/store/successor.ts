/** Who takes a master's place, and when everything is as safe again as before. */
import { type RedisServer, until } from "@everthread/stage"
import type { Deployment } from "../../deployment/deployment.ts"
import { mastersOf } from "./servers.ts"

/** How many masters a cluster has, whoever they are. */
const countOf = ({ store }: Deployment): number => (store.kind === "cluster" ? store.cluster.masters.length : 1)

/** Resolves when another server is the master that this one was. */
export async function masterIsReplaced(deployment: Deployment, before: RedisServer): Promise<void> {
  await until("the master to be replaced", async () => {
    const masters = await mastersOf(deployment)
    return !masters.includes(before) && masters.length === countOf(deployment)
  })
}

/** Resolves when every server that runs has what its master has. */
export async function settled({ store }: Deployment): Promise<void> {
  if (store.kind === "sentinel") await store.group.settled()
  if (store.kind === "cluster") await store.cluster.followed()
}
