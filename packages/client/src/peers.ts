/** Devices of others in a set whose list keeps its identity while nothing changes. */
import type { By } from "@everthread/protocol"

export class PeerSet {
  #peers = new Map<string, By>()
  #list: readonly By[] = []

  /** In the order in which they came. */
  get list(): readonly By[] {
    return this.#list
  }

  /** @returns whether that changed anything. */
  set(by: By, on: boolean): boolean {
    const key = JSON.stringify([by.user, by.device])
    if (this.#peers.has(key) === on) return false
    if (on) this.#peers.set(key, { user: by.user, device: by.device })
    else this.#peers.delete(key)
    this.#list = [...this.#peers.values()]
    return true
  }

  replace(peers: readonly By[]): void {
    this.#peers = new Map(peers.map((by) => [JSON.stringify([by.user, by.device]), by]))
    this.#list = [...this.#peers.values()]
  }
}
