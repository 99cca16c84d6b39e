/** All of them: a checker that does not find each of these proves nothing. */

import { crossings } from "./crossings.ts"
import { lives } from "./lives.ts"
import type { Mutant } from "./mutant.ts"
import { owners } from "./owners.ts"
import { reads } from "./reads.ts"
import { snapshots } from "./snapshots.ts"
import { writes } from "./writes.ts"

export const mutants: readonly Mutant[] = [...owners, ...writes, ...reads, ...lives, ...snapshots, ...crossings]
