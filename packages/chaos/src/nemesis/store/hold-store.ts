/** Most of what is done to a store is done to all of it, and by one at a time. */
import type { Deployment } from "../../deployment/deployment.ts"
import type { Harm } from "../nemesis.ts"

/** A harm with no other lane than the store's. */
export type StoreHarm = Omit<Harm, "target"> & { readonly target?: string }

/**
 * Takes the whole store for a harm, and gives it back when that is healed, or was never begun.
 * @returns `undefined` where somebody else has a part of it.
 */
export async function holdStore(
  deployment: Deployment,
  begin: () => Promise<StoreHarm | undefined>,
): Promise<Harm | undefined> {
  const giveBack = deployment.take("store")
  if (!giveBack) return undefined
  const harm = await begin().catch((error: unknown) => {
    giveBack()
    throw error
  })
  if (!harm) giveBack()
  return harm && { target: laneOf(deployment), ...harm, heal: () => harm.heal().finally(giveBack) }
}

/** The only server, or all of them. */
function laneOf({ servers }: Deployment): string {
  const [first, ...others] = servers.keys()
  return first === undefined || others.length > 0 ? "store" : first
}
