/**
 * Which node a device's next connection goes to: first one after the other, so that each node has a device; from then
 * on any that may be reached. A frozen one still may.
 */
import type { Place } from "./device.ts"

/** Where a node is found; `undefined` while it is down. */
export interface Address {
  readonly url: string | undefined
}

const nowhere = "ws://127.0.0.1:1"

export class NodePlace implements Place {
  /** Devices that find none. */
  heldBack: ReadonlySet<string> = new Set()
  readonly #nodes: readonly Address[]
  readonly #fraction: () => number
  #dials = 0

  constructor(nodes: readonly Address[], fraction: () => number) {
    this.#nodes = nodes
    this.#fraction = fraction
  }

  anyNode(device: string): string {
    if (this.heldBack.has(device)) return nowhere
    const urls = this.#nodes.flatMap(({ url }) => (url === undefined ? [] : [url]))
    const index = this.#dials < this.#nodes.length ? this.#dials : Math.floor(this.#fraction() * urls.length)
    this.#dials += 1
    return urls[index] ?? nowhere
  }
}
