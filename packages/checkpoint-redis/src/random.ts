/** Randomness as a parameter, so that a test can repeat it. */
import { randomBytes } from "node:crypto"

export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number
  /** `length` characters that nobody guesses. */
  id(length: number): string
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  id: (length) => randomBytes(length).toString("base64url").slice(0, length),
}
