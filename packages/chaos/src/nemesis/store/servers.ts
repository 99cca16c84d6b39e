/** The servers of a store that a nemesis may do something to, under the names by which they are taken. */
import type { RedisServer } from "@everthread/stage"
import type { Deployment, StoreKind } from "../../deployment/deployment.ts"

const called = { redis: "one Redis", sentinel: "Redis behind Sentinels", cluster: "a cluster" } as const

/** @returns why there is nothing to do it to, where the store is of another kind than these. */
export function onlyOn(...kinds: readonly StoreKind[]): (deployment: Deployment) => string | undefined {
  return ({ store }) => {
    if (kinds.includes(store.kind)) return undefined
    return store.kind === "embedded" ? "the embedded store has no server" : `the store is ${called[store.kind]}`
  }
}

export const onServers = onlyOn("redis", "sentinel", "cluster")

/** Those that take writes at the moment. */
export async function mastersOf({ store }: Deployment): Promise<readonly RedisServer[]> {
  if (store.kind === "redis") return [store.server]
  if (store.kind === "sentinel") return [await store.group.master()]
  return store.kind === "cluster" ? store.cluster.mastersNow() : []
}

export function nameIn({ servers }: Deployment, server: RedisServer): string {
  return [...servers].find(([, one]) => one === server)?.[0] ?? "store"
}
