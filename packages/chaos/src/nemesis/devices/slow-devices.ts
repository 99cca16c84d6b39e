/** All devices of a node read at a trickle, so that what is due to them piles up until the node lets them go. (SPEC DLV3) */
import { wholeIn } from "@everthread/sim"
import type { Nemesis } from "../nemesis.ts"
import { harmNode } from "../take-one.ts"

const bytesPerSecond = { least: 50, most: 2_000 }

export const slowDevices: Nemesis = {
  name: "slow-devices",
  about: "the devices of a node are sent a few bytes a second, and the others notice nothing",
  lastsMs: { least: 3_000, most: 12_000 },
  unfit: () => undefined,
  begin: (deployment, random) =>
    harmNode(deployment, random, async ({ name }) => {
      const link = deployment.toNode.get(name)
      if (!link) throw new Error(`${name} has no way for devices`)
      const rate = wholeIn(random, bytesPerSecond.least, bytesPerSecond.most)
      link.throttle("to-client", rate)
      return { what: `its devices were sent ${rate} bytes a second`, mend: async () => link.release() }
    }),
}
