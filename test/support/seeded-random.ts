/** Randomness that one seed repeats. */
import type { Random } from "@everthread/protocol"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** mulberry32: small, and good enough for ids that must differ. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const id = (length: number) =>
    Array.from({ length }, () => alphabet[Math.floor(fraction() * alphabet.length)]).join("")
  return { fraction, id }
}

/** Always the same fraction, so that a delay can be foretold. */
export function fixedRandom(fraction: number): Random {
  return { ...seededRandom(1), fraction: () => fraction }
}
