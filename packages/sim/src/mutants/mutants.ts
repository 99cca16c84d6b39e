/** All of them: a checker that does not find each of these proves nothing. */
import type { Mutant } from "./mutant.ts"
import { owners } from "./owners.ts"
import { reads } from "./reads.ts"
import { writes } from "./writes.ts"

export const mutants: readonly Mutant[] = [...owners, ...writes, ...reads]
