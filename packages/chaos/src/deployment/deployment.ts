/** What stands on the stage, as a nemesis may touch it. */
import type { DeviceHistory } from "@everthread/sim"
import type { Cluster, FaultNode, RedisServer, SentinelGroup } from "@everthread/stage"
import type { Crowd } from "../people/crowd.ts"

export type StoreKind = "redis" | "sentinel" | "cluster" | "embedded"

export type ChaosStore =
  | { readonly kind: "redis"; readonly server: RedisServer }
  | { readonly kind: "sentinel"; readonly group: SentinelGroup }
  | { readonly kind: "cluster"; readonly cluster: Cluster }
  /** A folder of the only node. */
  | { readonly kind: "embedded" }

export interface Deployment {
  readonly store: ChaosStore
  /** Every server of the store, by the name that its lane of the timeline bears and under which it is taken. */
  readonly servers: ReadonlyMap<string, RedisServer>
  readonly nodes: readonly FaultNode[]
  readonly crowd: Crowd
  /** Whom nemeses bring along: added by them, judged and closed with the crowd. They count as present. */
  readonly guests: Guest[]
  /** The way of all devices to a node, by the node's name. */
  readonly toNode: ReadonlyMap<string, Link>
  /** The way of a node to the store, by the node's name. Empty where the store itself names addresses (Sentinel, Cluster). */
  readonly toStore: ReadonlyMap<string, Link>
  /** Whether this run has a network of its own, in which packets may be dropped without harm to anybody else. */
  readonly hasOwnNetwork: boolean
  /**
   * Keeps what a nemesis is about to touch from the others: the name of a node, a server, or `store` for all of it.
   * @returns gives it back; `undefined` where somebody else has it.
   */
  take(target: string): (() => void) | undefined
}

/** A device beside the crowd's, which speaks to the server in a way of its own, and stays until the end. */
export interface Guest {
  /** `user/device`. */
  readonly name: string
  /** What it waits for in this conversation, or nothing: then it is where the log is, as far as it can tell. */
  awaits(conversation: string): string | undefined
  /** Where it is. */
  cursorIn(conversation: string): string | undefined
  /** `user/device` of everybody whom it takes for present. */
  presentIn(conversation: string): readonly string[]
  /** Asked once everything has come to rest. */
  historyIn(conversation: string): Promise<DeviceHistory>
  close(): void
}

/** A way from clients to a server, through which bytes come in order and whole, late, or not at all. */
export interface Link {
  /** Where clients connect. */
  readonly port: number
  /** Ends every connection. Who comes again gets there. */
  cut(): void
  /** From now on nothing gets through this way round, and nobody is told; what waits goes on its way afterwards. */
  hold(direction: Direction): void
  /** From now on so much a second gets through this way round, in bytes. */
  throttle(direction: Direction, bytesPerSecond: number): void
  /** Everything gets through again, beginning with what waited. */
  release(): void
}

export type Direction = "to-server" | "to-client"
