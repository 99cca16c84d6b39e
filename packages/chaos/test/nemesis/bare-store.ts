/** A store as runs have it, without nodes and people: enough for what is done to servers alone. */
import type { Deployment, StoreKind } from "../../src/deployment/deployment.ts"
import { Stand } from "../../src/deployment/stand.ts"
import { Crowd } from "../../src/people/crowd.ts"
import { NodePlace } from "../../src/people/node-place.ts"

/** As if the seed had always said this. */
export const always = (fraction: number) => ({ fraction: () => fraction, id: (length: number) => "x".repeat(length) })

export interface Bare {
  readonly stand: Stand
  readonly deployment: Deployment
}

export async function bareStore(kind: StoreKind, nodes = 0, conversations = 0): Promise<Bare> {
  const stand = await Stand.start({ kind, nodes, hasOwnNetwork: false })
  const place = new NodePlace(stand.places, () => 0)
  const crowd = await Crowd.gather({ devices: conversations === 0 ? 0 : 2, conversations }, place, always(0))
  return { stand, deployment: stand.with(crowd) }
}

export async function leave({ stand, deployment }: Bare): Promise<void> {
  for (const guest of deployment.guests) guest.close()
  deployment.crowd.close()
  await stand.stop()
}
