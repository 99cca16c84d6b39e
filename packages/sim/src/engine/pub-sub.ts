/**
 * What the store tells all nodes, as it may really reach them: lost, late, twice, out of order, or not at all for a while.
 *
 * A node that was cut off is told `again` for each channel when it hears again, as a subscriber that had to reconnect.
 */
import type { Heard, Subscriber } from "@everthread/engine-redis/parts"
import type { Random } from "@everthread/protocol"
import type { Host } from "../world/host.ts"
import { Line } from "../world/line.ts"
import type { StoreLink } from "./store-link.ts"

/** How what is published fares; it changes with the weather of a world. */
export interface PubSubFaults {
  /** Of each publication to each node. */
  readonly loss: number
  readonly duplication: number
  /** What comes late may come behind what was published later. */
  readonly lateness: number
}

export const calm: PubSubFaults = { loss: 0, duplication: 0, lateness: 0 }

interface Ear {
  readonly host: Host
  readonly link: StoreLink
  readonly heard: Heard
  readonly channels: Map<string, number>
  /** What is not late comes in its order. */
  readonly line: Line
}

const delayMs = { least: 0.2, most: 1 }
const lateMsMax = 400
const againMs = 5

export class PubSub {
  faults: PubSubFaults = calm
  readonly #random: Random
  readonly #nowMs: () => number
  readonly #ears = new Set<Ear>()

  constructor(random: Random, nowMs: () => number) {
    this.#random = random
    this.#nowMs = nowMs
  }

  join(host: Host, link: StoreLink, heard: Heard): Subscriber {
    const ear: Ear = {
      host,
      link,
      heard,
      channels: new Map(),
      line: new Line(host, this.#nowMs, this.#random, () => delayMs),
    }
    this.#ears.add(ear)
    link.onBack(() => {
      for (const channel of ear.channels.keys()) host.after(againMs, () => heard.again(channel))
    })
    return {
      // Asked of the store, as everything is: from its answer on nothing that is published is missed by us.
      hold: (_partition, channel) => {
        ear.channels.set(channel, (ear.channels.get(channel) ?? 0) + 1)
        return link.ask("read", () => undefined)
      },
      release: (channel) => {
        const count = (ear.channels.get(channel) ?? 0) - 1
        if (count > 0) ear.channels.set(channel, count)
        else ear.channels.delete(channel)
      },
      close: () => void this.#ears.delete(ear),
    }
  }

  publish(channel: string, text: string): void {
    for (const ear of this.#ears) {
      if (!ear.link.isUp || !ear.channels.has(channel) || this.#random.fraction() < this.faults.loss) continue
      this.#tell(ear, channel, text)
      if (this.#random.fraction() < this.faults.duplication) this.#tell(ear, channel, text)
    }
  }

  #tell(ear: Ear, channel: string, text: string): void {
    const hear = () => {
      if (ear.link.isUp && ear.channels.has(channel)) ear.heard.message(channel, text)
    }
    if (this.#random.fraction() < this.faults.lateness) ear.host.after(this.#random.fraction() * lateMsMax, hear)
    else ear.line.send(hear)
  }
}

/** What a node needs of it. */
export type HearsAll = Pick<PubSub, "join" | "publish">
