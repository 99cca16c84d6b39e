/** Randomness that one seed repeats, and that every part of a world gets a stream of its own of. */
import type { Random } from "@everthread/protocol"

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** mulberry32: small, fast, and good enough for ids that must differ. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const letter = () => alphabet[Math.floor(fraction() * alphabet.length)]
  return { fraction, id: (length) => Array.from({ length }, letter).join("") }
}

/** A stream that does not depend on how much the others were used: leaving one thing out changes nothing else. */
export function streamOf(seed: number, name: string): Random {
  let hash = 0x811c9dc5 ^ seed
  for (const char of name) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return seededRandom(hash ^ (hash >>> 13))
}

/** @returns a whole number from `least` to `most`. */
export function wholeIn(random: Pick<Random, "fraction">, least: number, most: number): number {
  return least + Math.floor(random.fraction() * (most - least + 1))
}

export function oneOf<T>(random: Pick<Random, "fraction">, all: readonly [T, ...T[]]): T {
  return all[Math.floor(random.fraction() * all.length)] ?? all[0]
}

/** One of them; nothing where there are none. */
export function anyOf<T>(random: Pick<Random, "fraction">, all: readonly T[]): T | undefined {
  return all[Math.floor(random.fraction() * all.length)]
}

/** All of them, in another order. */
export function shuffled<T>(random: Pick<Random, "fraction">, all: readonly T[]): T[] {
  const keyed = all.map((one) => ({ one, at: random.fraction() }))
  return keyed.sort((left, right) => left.at - right.at).map(({ one }) => one)
}
