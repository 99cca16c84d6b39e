/** What an attack may touch: the ways to the nodes that it has put in front of them, people of its own, and their conversations. */
import type { Clock, Random } from "@everthread/protocol"
import type { Guest, Link } from "../deployment/deployment.ts"
import type { Stutterer } from "../nemesis/devices/stutterer.ts"
import type { Harm } from "../nemesis/nemesis.ts"
import type { Device } from "../people/device.ts"

export interface Field {
  readonly clock: Clock
  /** The way of all devices to a node, by the node's name. */
  readonly ways: ReadonlyMap<string, Link>
  readonly conversations: readonly string[]
  /** Judged and closed with everybody. */
  readonly guests: Guest[]
  /** A device that has never been here and is gone when it closes. */
  stranger(): Device
  stutterer(random: Random): Stutterer
  /** Ends all connections of subscribers; `undefined` where no Redis is given in which that can be said once for all. */
  readonly killSubscribers: (() => Promise<void>) | undefined
  /** @returns gives it back; `undefined` where somebody else has it. */
  take(target: string): (() => void) | undefined
}

/** As the nemeses of `npm run chaos` are, for what needs no right on anybody's machine. */
export interface Trouble {
  readonly name: string
  readonly about: string
  readonly lastsMs: { readonly least: number; readonly most: number }
  unfit(field: Field): string | undefined
  begin(field: Field, random: Random): Promise<Harm | undefined>
}
