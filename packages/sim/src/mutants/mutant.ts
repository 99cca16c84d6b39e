/** A deliberate mistake, put around a port or in the place of a part of the store; nothing of it is in the product. */
import type { Mutation } from "../play/world.ts"

export interface Mutant {
  /** What it does wrong, in a few words. */
  readonly name: string
  /** The rules of SPEC.md that it does not keep. */
  readonly breaks: readonly string[]
  /** Among how many seeds, from the first, one has to find it. */
  readonly seedsMax: number
  /** Made anew for each simulation: it may keep something. */
  readonly mutation: () => Mutation
}
