/** The benches by name, and the parts of each in the order in which they are run. */
import { messages } from "./churn/messages.ts"
import { runs } from "./churn/runs.ts"
import { growth } from "./growth/growth.ts"
import { appendCost } from "./parts/append-cost.ts"
import { delivery } from "./parts/delivery.ts"
import { echo } from "./parts/echo.ts"
import { fanOut } from "./parts/fan-out.ts"
import { firstWord } from "./parts/first-word.ts"
import { idle } from "./parts/idle.ts"
import { memory } from "./parts/memory.ts"
import { rooms } from "./parts/rooms.ts"
import { roundTrips } from "./parts/round-trips.ts"
import { takeover } from "./parts/takeover.ts"
import { throughput } from "./parts/throughput.ts"
import { tokens } from "./parts/tokens.ts"
import { missed } from "./resume/missed.ts"
import { snapshot } from "./resume/snapshot.ts"
import { storm } from "./resume/storm.ts"
import type { Parts } from "./run-bench.ts"

export const benches: Readonly<Record<string, Parts>> = {
  redis: { "append-cost": appendCost, "round-trips": roundTrips, memory, delivery, throughput },
  runs: { tokens, "first-word": firstWord, takeover },
  delivery: { "fan-out": fanOut, rooms, echo, idle },
  churn: { messages, runs },
  resume: { missed, storm, snapshot },
  growth,
}
