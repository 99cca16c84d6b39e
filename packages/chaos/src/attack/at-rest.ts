/** The end of an attack: everything comes to rest, by a clock that is given. */
import { setTimeout as pause } from "node:timers/promises"
import type { Clock } from "@everthread/protocol"
import { type HeadOf, type People, unrest } from "../people/unrest.ts"

/** Long: who has written much in a storm waits for as long as a cluster limits its users. */
const restMsMax = 90_000
const lookEveryMs = 50

export interface Resting extends People {
  readonly clock: Clock
  /** By the store, where it can be asked. */
  readonly headOf: HeadOf
}

/** @returns who waits for what where it does not come to rest. */
export async function unrestAtLast(resting: Resting, conversation: string): Promise<string | undefined> {
  const { clock, headOf } = resting
  const endMs = clock.monotonic() + restMsMax
  for (;;) {
    const awaited = await unrest(resting, conversation, headOf)
    if (awaited === undefined || clock.monotonic() >= endMs) return awaited
    await pause(lookEveryMs)
  }
}
