/** The ways of an attack's people to the nodes, a proxy each, and which of them a device takes. */
import type { Clock, Random } from "@everthread/protocol"
import { FaultLink } from "../deployment/fault-link.ts"
import type { Place } from "../people/device.ts"
import { NodePlace } from "../people/node-place.ts"
import type { Scouted } from "./scout.ts"

/** By the names of the nodes. */
export type Ways = ReadonlyMap<string, FaultLink>

export async function waysTo(scouted: readonly Scouted[], clock: Clock): Promise<Ways> {
  const ways = new Map<string, FaultLink>()
  for (const { name, victim } of scouted) ways.set(name, await FaultLink.start(() => victim.port, clock, victim.host))
  return ways
}

export function placeOn(ways: Ways, random: Random): Place {
  const addresses = [...ways.values()].map(({ port }) => ({ url: `ws://127.0.0.1:${port}` }))
  return new NodePlace(addresses, random.fraction)
}
