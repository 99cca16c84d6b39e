/**
 * When what goes wrong: by the seed, from a shuffled deck, so that each comes before any comes twice; two at a time. All are healed
 * before it ends, also where it is given up.
 */
import { setTimeout as pause } from "node:timers/promises"
import type { Clock, Random } from "@everthread/protocol"
import { shuffled, streamOf } from "@everthread/sim"
import type { Harm } from "../nemesis/nemesis.ts"
import type { Field, Trouble } from "./field.ts"

const atOnce = 2
const betweenMs = { least: 500, most: 3_000 }
const lookEveryMs = 100

export interface Troubling {
  readonly field: Field
  readonly troubles: readonly Trouble[]
  readonly seed: number
  readonly ms: number
  readonly clock: Clock
  readonly signal: AbortSignal
  /** One has begun. @returns to be called when it is healed. */
  began(name: string, harm: Harm): () => void
  failed(name: string, error: unknown): void
}

export async function makeTrouble(troubling: Troubling): Promise<void> {
  const endMs = troubling.clock.monotonic() + troubling.ms
  const random = streamOf(troubling.seed, "deck")
  let deck: Trouble[] = []
  const next = () => {
    if (deck.length === 0) deck = shuffled(random, troubling.troubles)
    return deck.pop()
  }
  const hands = Array.from({ length: atOnce }, (_, hand) =>
    play(troubling, next, streamOf(troubling.seed, `hand ${hand}`), endMs),
  )
  await Promise.all(hands)
}

async function play(
  troubling: Troubling,
  next: () => Trouble | undefined,
  random: Random,
  endMs: number,
): Promise<void> {
  const lasts = async (ms: number) => {
    const { clock, signal } = troubling
    const overMs = Math.min(clock.monotonic() + ms, endMs)
    while (!signal.aborted && clock.monotonic() < overMs) await pause(Math.min(lookEveryMs, overMs - clock.monotonic()))
    return !signal.aborted && clock.monotonic() < endMs
  }
  while (await lasts(between(betweenMs, random))) {
    const trouble = next()
    if (trouble === undefined) continue
    try {
      await once(troubling, trouble, random, lasts)
    } catch (error) {
      troubling.failed(trouble.name, error)
    }
  }
}

async function once(
  { field, began }: Troubling,
  trouble: Trouble,
  random: Random,
  lasts: (ms: number) => Promise<unknown>,
): Promise<void> {
  const harm = await trouble.begin(field, random)
  if (harm === undefined) return
  const ended = began(trouble.name, harm)
  await lasts(between(trouble.lastsMs, random))
  await harm.heal().finally(ended)
}

const between = ({ least, most }: Trouble["lastsMs"], random: Random): number =>
  least + random.fraction() * (most - least)
