/**
 * Tells things of one partition in their order, each after what was stored up to then is durable. (SPEC LOG5)
 *
 * What is heard while one wait is under way shares the next one. A wait that fails is tried again: what is not
 * durable is not told, and what waits is bounded; beyond the bound it is dropped, and `dropped` is told in its place.
 */
import type { Clock } from "@everthread/protocol"

export interface DurableOrder {
  tell(partition: number, chars: number, about: () => void): void
  close(): void
}

export interface DurableOrderSetup {
  readonly clock: Clock
  /** Resolves when all that the partition's master has answered so far is durable. */
  readonly durable: (partition: number) => Promise<void>
  /** What waited for the partition was dropped: its listeners have to look for themselves. */
  readonly dropped: (partition: number) => void
  /** Of the texts that wait in one partition. Default: 16 MiB. */
  readonly charsMax?: number
}

interface Line {
  waiting: (() => void)[]
  chars: number
  isDraining: boolean
}

const charsMaxDefault = 16 * 1_024 * 1_024
const retryMs = 200

export function durableOrder(setup: DurableOrderSetup): DurableOrder {
  const { clock, durable, dropped, charsMax = charsMaxDefault } = setup
  const lines = new Map<number, Line>()
  let isClosed = false

  async function drain(partition: number, line: Line): Promise<void> {
    line.isDraining = true
    while (line.waiting.length > 0 && !isClosed) {
      const { waiting } = line
      line.waiting = []
      line.chars = 0
      await untilDurable(partition)
      if (!isClosed) for (const about of waiting) about()
    }
    line.isDraining = false
  }

  async function untilDurable(partition: number): Promise<void> {
    while (!isClosed) {
      try {
        return await durable(partition)
      } catch {
        await new Promise<void>((resolve) => void clock.startTimer(retryMs, resolve))
      }
    }
  }

  return {
    tell(partition, chars, about) {
      const line = lines.get(partition) ?? { waiting: [], chars: 0, isDraining: false }
      lines.set(partition, line)
      line.waiting.push(about)
      line.chars += chars
      if (line.chars > charsMax) {
        line.waiting = [() => dropped(partition)]
        line.chars = 0
      }
      if (!line.isDraining) void drain(partition, line)
    },
    close() {
      isClosed = true
      lines.clear()
    },
  }
}
