/** What is said to everybody: so many events at a time, so many times a second. */
import { setTimeout as pause } from "node:timers/promises"
import { textOf } from "../delivery/rooms.ts"
import type { Say } from "../delivery/speech.ts"

export interface Bursts {
  readonly bursts: number
  /** In each burst, all in one turn of the event loop. */
  readonly events: number
  /** For the writer in C alone: events in one write. Servers join what they join. */
  readonly joined: number
  /** Bursts in a second. */
  readonly perSecond: number
  readonly textBytes: number
}

/** To the first room. Resolves when every event is taken; that does not mean delivered. */
export async function emit({ bursts, events, perSecond, textBytes }: Bursts, say: Say): Promise<void> {
  const startedAtMs = performance.now()
  const saying: Promise<void>[] = []
  for (let burst = 0; burst < bursts; burst++) {
    await pause(Math.max(0, startedAtMs + (burst * 1_000) / perSecond - performance.now()))
    for (let event = 0; event < events; event++) {
      const at = (burst * events + event) * textBytes
      saying.push(say(0, at, textOf(textBytes, (performance.timeOrigin + performance.now()) * 1_000)))
    }
  }
  await Promise.all(saying)
}
