/** What a nemesis hits, and gives back when it is mended. */
import type { Random } from "@everthread/protocol"
import type { FaultNode } from "@everthread/stage"
import type { Deployment } from "../deployment/deployment.ts"
import type { Harm } from "./nemesis.ts"

export interface Taken<Target> {
  readonly target: Target
  giveBack(): void
}

/** @returns one of these that nobody else has, by the seed; `undefined` where there is none. */
export function takeOne<Target extends { readonly name: string }>(
  deployment: Pick<Deployment, "take">,
  candidates: readonly Target[],
  random: Random,
): Taken<Target> | undefined {
  const left = [...candidates]
  while (left.length > 0) {
    const [target] = left.splice(Math.floor(random.fraction() * left.length), 1)
    const giveBack = target && deployment.take(target.name)
    if (target && giveBack) return { target, giveBack }
  }
  return undefined
}

/** A harm to a node that is up and that nobody else has: begun, and mended before the node is given back. */
export async function harmNode(
  deployment: Deployment,
  random: Random,
  harm: (node: FaultNode) => Promise<{ readonly what: string; mend(): Promise<void> }>,
): Promise<Harm | undefined> {
  const up = deployment.nodes.filter(({ state }) => state === "up")
  const taken = takeOne(deployment, up, random)
  if (!taken) return undefined
  const { target: node, giveBack } = taken
  try {
    const { what, mend } = await harm(node)
    return { target: node.name, what, heal: () => mend().finally(giveBack) }
  } catch (error) {
    giveBack()
    throw error
  }
}
