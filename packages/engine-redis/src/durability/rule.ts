/** One thing that a server is compared for. */
import type { Demand } from "./durability.ts"
import type { ServerFacts } from "./facts.ts"
import type { Finding } from "./finding.ts"
import type { Mender } from "./mend.ts"

/** @returns `undefined` where there is nothing to say. */
export type Rule = (facts: ServerFacts, demand: Demand, mender: Mender) => Finding | undefined
