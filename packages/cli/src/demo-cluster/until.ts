/** Waits for what a scene is about to see. A scene that waits in vain goes on and counts: the count says what is wrong. */
import type { Clock } from "@everthread/protocol"

/** Something that says when it may have changed. */
export interface Changing {
  onChange(listener: () => void): () => void
}

/** Far beyond what a loaded machine needs. */
const deadlineMs = 30_000

/** @returns whether it came true in time. */
export function until(devices: readonly Changing[], isTrue: () => boolean, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (cameTrue: boolean) => {
      clock.stopTimer(timer)
      for (const stop of stops) stop()
      resolve(cameTrue)
    }
    const look = () => {
      if (isTrue()) end(true)
    }
    const timer = clock.startTimer(deadlineMs, () => end(false))
    const stops = devices.map((device) => device.onChange(look))
    look()
  })
}

export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => void clock.startTimer(delayMs, resolve))
}
