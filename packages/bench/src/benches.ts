/** The benches by name, and the parts of each in the order in which they are run. */
import { messages } from "./churn/messages.ts"
import { runs } from "./churn/runs.ts"
import { appendCost } from "./parts/append-cost.ts"
import { delivery } from "./parts/delivery.ts"
import { firstWord } from "./parts/first-word.ts"
import { memory } from "./parts/memory.ts"
import { roundTrips } from "./parts/round-trips.ts"
import { takeover } from "./parts/takeover.ts"
import { throughput } from "./parts/throughput.ts"
import { tokens } from "./parts/tokens.ts"
import type { Parts } from "./run-bench.ts"

export const benches: Readonly<Record<string, Parts>> = {
  redis: { "append-cost": appendCost, "round-trips": roundTrips, memory, delivery, throughput },
  runs: { tokens, "first-word": firstWord, takeover },
  churn: { messages, runs },
}
