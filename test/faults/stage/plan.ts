/** How large a case is: small in `npm test`, as large and as often as is asked for in `npm run test:faults`. */
import { randomInt } from "node:crypto"
import type { Plan } from "./play.ts"

/** Another one each time, unless one is given. */
export function plan(more: Partial<Plan> = {}): Plan {
  const given = process.env["FAULTS_SEED"]
  return { devices: 4, conversations: 2, seed: given === undefined ? randomInt(2 ** 31) : Number(given), ...more }
}
