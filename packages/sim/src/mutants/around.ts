/** Puts something around the log of an engine; everything else stays as it is. */
import type { SimEngine } from "../engine/sim-engine.ts"
import type { SimLog } from "../engine/sim-log.ts"

export function withLog(engine: SimEngine, other: Partial<SimLog>): SimEngine {
  return { ...engine, log: { ...engine.log, ...other } }
}
