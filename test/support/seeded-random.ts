/** Randomness that one seed repeats: the simulation's, taken from its file, because its package brings a server along. */
import type { Random } from "@everthread/protocol"
import { seededRandom } from "../../packages/sim/src/world/seeded-random.ts"

export { seededRandom }

/** Always the same fraction, so that a delay can be foretold. */
export function fixedRandom(fraction: number): Random {
  return { ...seededRandom(1), fraction: () => fraction }
}
