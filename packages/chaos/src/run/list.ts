/** `--list`: what can go wrong, and why some of it cannot be made here. */

import { streamOf } from "@everthread/sim"
import type { Deployment } from "../deployment/deployment.ts"
import { Stand } from "../deployment/stand.ts"
import { nemeses } from "../nemesis/all.ts"
import { Crowd } from "../people/crowd.ts"
import { NodePlace } from "../people/node-place.ts"
import type { ChaosOptions } from "./options.ts"
import type { Show } from "./show.ts"

/** A deployment is brought up for it: what fits is what fits one that is there. */
export async function listNemeses({ stores, nodes }: ChaosOptions, hasOwnNetwork: boolean, show: Show): Promise<void> {
  for (const kind of stores) {
    const stand = await Stand.start({ kind, nodes, hasOwnNetwork })
    try {
      show.line(`On ${kind}:`)
      await withDeployment(stand, (deployment) => listOn(deployment, show))
    } finally {
      await stand.stop()
    }
  }
}

async function withDeployment(stand: Stand, use: (deployment: Deployment) => void): Promise<void> {
  const random = streamOf(1, "list")
  const place = new NodePlace(stand.places, random.fraction)
  const crowd = await Crowd.gather({ devices: 1, conversations: 1 }, place, random)
  try {
    use(stand.with(crowd))
  } finally {
    crowd.close()
  }
}

function listOn(deployment: Deployment, show: Show): void {
  const width = Math.max(...nemeses.map(({ name }) => name.length))
  for (const nemesis of nemeses) {
    const why = nemesis.unfit(deployment)
    show.line(`  ${nemesis.name.padEnd(width)}  ${nemesis.about}${why === undefined ? "" : ` (not here: ${why})`}`)
  }
}
