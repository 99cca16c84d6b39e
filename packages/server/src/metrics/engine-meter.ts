/** What the store tells and can be asked, as metrics. */
import type { Engine, EngineObserver } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import type { Instruments } from "./instruments.ts"

/** How long the store may take to say how much memory it uses. A store in trouble must not hide everything else. */
const memoryDeadlineMs = 1_000

export function engineObserver(metrics: Instruments): EngineObserver {
  return {
    roundTrip: (operation, seconds, outcome) =>
      metrics.everthread_engine_round_trip_seconds.observe({ operation, outcome }, seconds),
    reconnected: (connection) => metrics.everthread_engine_reconnects_total.inc({ connection }),
  }
}

export async function readEngine(metrics: Instruments, engine: Engine, clock: Clock): Promise<void> {
  const { state } = engine.status()
  for (const other of ["ready", "read-only", "unavailable"] as const)
    metrics.everthread_engine_state.set({ state: other }, other === state ? 1 : 0)
  const memory = await memoryOf(engine, clock)
  if (memory === undefined) metrics.chat_redis_memory_usage.remove()
  else metrics.chat_redis_memory_usage.set(memory)
}

async function memoryOf(engine: Engine, clock: Clock): Promise<number | undefined> {
  const asked = engine.memoryBytes().catch(() => undefined)
  let stop = () => {}
  const late = new Promise<undefined>((resolve) => {
    const timer = clock.startTimer(memoryDeadlineMs, () => resolve(undefined))
    stop = () => clock.stopTimer(timer)
  })
  return Promise.race([asked, late]).finally(() => stop())
}
