/** Where writes that wait for their acks outlive the program. */
import type { WriteFrame } from "./frames.ts"
import { idOf } from "./outbox-entry.ts"

/**
 * The outbox itself holds the truth while the program runs; a store only mirrors it. So a store that
 * fails costs what a restart would have brought back, and nothing else.
 */
export interface OutboxStore {
  /** What was put and not removed, in the order in which it was put. */
  load(): Promise<readonly WriteFrame[]>
  /** Keeps a write, known by its conversation and its key together, in the place that it has if it is there. */
  put(frame: WriteFrame): Promise<void>
  remove(frame: WriteFrame): Promise<void>
  /** Calls `found` with writes that have become ours to send since: another tab has left them behind. */
  watch?(found: (frames: readonly WriteFrame[]) => void): void
  /** Nobody sends from here any more: what is kept is for whoever loads it next. */
  close?(): void
}

/** Forgets everything when the program ends. */
export function memoryOutboxStore(): OutboxStore {
  const frames = new Map<string, WriteFrame>()
  return {
    load: async () => [...frames.values()],
    put: async (frame) => void frames.set(idOf(frame), frame),
    remove: async (frame) => void frames.delete(idOf(frame)),
  }
}
