/** What every part of a bench is given. */
import type { Clock, Random } from "@everthread/protocol"

export interface Bench {
  readonly clock: Clock
  readonly random: Random
  /** Fewer operations and fewer cases. */
  readonly isQuick: boolean
  readonly rounds: number
  /** The first seed of what is played by seeds; absent: whatever it takes by default. */
  readonly seed?: number
  /** Progress, for whoever waits. */
  readonly say: (text: string) => void
}
