/**
 * Which connection leads to the master of a partition. It opens connections, keeps them, and replaces those that
 * were lost; it follows what Sentinel or the cluster say, and never believes that a server is a master without
 * having asked it.
 */
import type { EngineError } from "@everthread/engine"
import type { Link } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"

export interface Topology {
  readonly kind: "standalone" | "sentinel" | "cluster"
  /** @returns the open connection to the partition's master, or `undefined` while there is none. */
  linkOf(partition: number): Link | undefined
  /** The masters there are, each by its address, with the partitions it holds. */
  masters(): readonly Master[]
  /**
   * @returns the open connection to this very server, as a redirection wants, or `undefined` while there is none:
   *   then one is under way, and `onChange` tells.
   */
  linkTo(address: ServerAddress): Link | undefined
  /** A server said that another one has the partition now: believed until the next look. */
  moved(partition: number, address: ServerAddress): void
  /** A reason to look anew: a refusal, a connection that was lost. One look at a time. */
  suspect(): void
  /** Calls `listener` after connections or masters have changed. @returns stops it. */
  onChange(listener: () => void): () => void
  /** Every partition has its connection. */
  isWhole(): boolean
  /** Why a partition has no connection, for people. */
  reason(): string
  /** Set when nothing but another configuration helps: a password, a permission, a name that nobody knows. */
  refusal(): EngineError | undefined
  close(): void
}

export interface Master {
  readonly address: ServerAddress
  readonly partitions: readonly number[]
  readonly link: Link | undefined
}
