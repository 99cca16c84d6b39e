/**
 * The metrics of one node: what is told to it, what it asks when it is read, and what `/metrics` shows.
 *
 * The registry is its own, never the library's global one, so that two nodes of one process do not mix.
 */
import type { Engine } from "@everthread/engine"
import type { Clock } from "@everthread/protocol"
import { collectDefaultMetrics, Registry } from "prom-client"
import type { Meter } from "../core/meter.ts"
import { coreMeter } from "./core-meter.ts"
import { engineObserver, readEngine } from "./engine-meter.ts"
import { measureLag } from "./event-loop-lag.ts"
import { register } from "./instruments.ts"
import { type MeasuredNode, readNode } from "./node-gauges.ts"
import { type MeasuredWorker, readWorker, type WorkerMeter, workerMeter } from "./worker-meter.ts"

export interface Metrics {
  /** For the core. */
  readonly meter: Meter
  /** For an agent worker beside the server. */
  readonly worker: WorkerMeter
  /** @returns stops it: the node has ended. */
  watchNode(node: MeasuredNode): () => void
  /** From now on the engine tells its round trips here. */
  watchEngine(engine: Engine): void
  watchWorker(worker: MeasuredWorker): void
  readonly contentType: string
  /** Everything as it is now, in the text format of Prometheus. */
  read(): Promise<string>
}

export function createMetrics(clock: Clock): Metrics {
  const registry = new Registry()
  const metrics = register(registry)
  collectDefaultMetrics({ register: registry })
  const reads: (() => void | Promise<void>)[] = []
  return {
    meter: coreMeter(metrics, clock),
    worker: workerMeter(metrics),
    watchNode(node) {
      reads.push(() => readNode(metrics, node))
      return measureLag(clock, metrics.everthread_event_loop_lag_seconds)
    },
    watchEngine(engine) {
      engine.observe(engineObserver(metrics))
      reads.push(() => readEngine(metrics, engine, clock))
    },
    watchWorker: (worker) => void reads.push(() => readWorker(metrics, worker)),
    contentType: registry.contentType,
    async read() {
      await Promise.all(reads.map((read) => read()))
      return registry.metrics()
    },
  }
}
