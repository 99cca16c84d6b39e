/** Where a device finds nodes: any of them, on the way that all devices take, be it up or not. */
import type { Random } from "@everthread/protocol"
import { anyOf } from "@everthread/sim"
import type { Deployment } from "../../deployment/deployment.ts"
import type { Place } from "../../people/device.ts"

/** @returns the address of each node. */
export function urlsOf({ toNode }: Pick<Deployment, "toNode">): readonly string[] {
  return [...toNode.values()].map(({ port }) => `ws://127.0.0.1:${port}`)
}

export function placesOf(deployment: Pick<Deployment, "toNode">, random: Random): Place {
  const urls = urlsOf(deployment)
  return { anyNode: () => anyOf(random, urls) ?? "ws://127.0.0.1:1" }
}
