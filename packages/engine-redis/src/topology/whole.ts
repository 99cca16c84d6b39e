/** Waiting until a topology has all its connections, or until something else is due. */
import { EngineError } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import type { Topology } from "./topology.ts"

/** Resolves with the next change, or after `ms`. */
export function changeOrTimeout(onChange: Topology["onChange"], clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.startTimer(ms, done)
    const stop = onChange(done)
    function done() {
      clock.stopTimer(timer)
      stop()
      resolve()
    }
  })
}

/** @throws EngineError with the topology's reason, and closes it, if it is not whole within `deadlineMs`. */
export async function whole(topology: Topology, clock: Clock, deadlineMs: number): Promise<void> {
  const until = clock.monotonic() + deadlineMs
  while (!topology.isWhole()) {
    const leftMs = until - clock.monotonic()
    const refusal = topology.refusal()
    if (refusal || leftMs <= 0) {
      topology.close()
      throw refusal ?? new EngineError("unavailable", topology.reason())
    }
    await changeOrTimeout(topology.onChange, clock, leftMs)
  }
}
