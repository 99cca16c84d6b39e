/** What the scene is given, and what came of it. */
import type { Clock } from "@everthread/protocol"
import type { Stage } from "../demo-cluster/stage.ts"
import type { ShowNode } from "./show-node.ts"
import type { Spectator } from "./spectator.ts"
import type { TakeoverTexts } from "./texts.ts"

export interface ShowPlay {
  readonly store: "redis" | "embedded"
  readonly nodes: readonly ShowNode[]
  readonly devices: readonly Spectator[]
  /** As it is told when nothing happens, chapter by chapter. */
  readonly story: readonly string[]
  readonly agent: string
  readonly clock: Clock
  /** How long something is left for the reader to see, in milliseconds. */
  readonly lookMs: number
  readonly stage: Stage
  readonly texts: TakeoverTexts
}

export interface Takeover {
  /** The node that was killed, and the one that went on. */
  readonly from: number
  readonly to: number
  /** From the kill to the first new word on a device, in seconds. */
  readonly silenceSeconds: number
  readonly retracted: string
}
