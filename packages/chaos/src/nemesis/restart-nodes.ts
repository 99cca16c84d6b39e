/** What an upgrade does: one node after the other is told to end in good order, and started again before the next one. */
import type { FaultNode } from "@everthread/stage"
import type { Nemesis } from "./nemesis.ts"
import { startAgain } from "./start-again.ts"
import { takeOne } from "./take-one.ts"

/** More are left to the next time, so that a round has time for other things. */
const nodesMax = 3

export const restartNodes: Nemesis = {
  name: "restart-nodes",
  about: "nodes are told to end (SIGTERM) and started again, one after the other, as an upgrade does",
  lastsMs: { least: 1_000, most: 1_000 },
  unfit: () => undefined,
  async begin(deployment, random) {
    const taken = deployment.nodes.slice(0, nodesMax).flatMap((node) => takeOne(deployment, [node], random) ?? [])
    const up = taken.filter(({ target }) => target.state === "up")
    for (const { target, giveBack } of taken) if (target.state !== "up") giveBack()
    if (up.length === 0) return undefined
    const restarted = oneByOne(up)
    // Whoever mends it hears of what went wrong.
    restarted.catch(() => undefined)
    return { target: "nodes", what: `${up.length} restarted one after the other (SIGTERM)`, heal: () => restarted }
  },
}

async function oneByOne(taken: readonly { readonly target: FaultNode; giveBack(): void }[]): Promise<void> {
  for (const { target, giveBack } of taken) {
    await target
      .drain()
      .then(() => startAgain(target))
      .finally(giveBack)
  }
}
