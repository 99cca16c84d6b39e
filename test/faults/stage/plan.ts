/** How large a case is: small in `npm test`, larger in `npm run test:faults`, which also says the seed. */
import { randomInt } from "node:crypto"
import type { Plan } from "@everthread/chaos"

const isLong = process.env["FAULTS_LONG"] !== undefined
const size = isLong ? { devices: 6, conversations: 3 } : { devices: 4, conversations: 2 }
const longFactor = 8

export function plan(more: Partial<Plan> = {}): Plan {
  const given = process.env["FAULTS_SEED"]
  return { ...size, seed: given === undefined ? randomInt(2 ** 31) : Number(given), ...more }
}

/** How often something is done, or how many messages something lasts: more of it where there is time. */
export const times = (few: number): number => (isLong ? few * longFactor : few)
