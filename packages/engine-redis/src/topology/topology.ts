/**
 * Which connection leads to the master of a partition. It opens connections, keeps them, and replaces those that
 * were lost; it follows what Sentinel or the cluster say, and never believes that a server is a master without
 * having asked it.
 */
import type { Link } from "../connection/link.ts"
import type { ServerAddress } from "../connection/target.ts"

export interface Topology {
  readonly kind: "standalone" | "sentinel" | "cluster"
  /** @returns the open connection to the partition's master, or `undefined` while there is none. */
  linkOf(partition: number): Link | undefined
  /** The masters there are, each by its address, with the partitions it holds. */
  masters(): readonly Master[]
  /** @returns a connection to this very server, as a redirection wants. */
  linkTo(address: ServerAddress): Promise<Link>
  /** A reason to look anew: a redirection, a refusal, a connection that was lost. One look at a time. */
  suspect(reason: string): void
  /** Calls `listener` after connections or masters have changed. @returns stops it. */
  onChange(listener: () => void): () => void
  /** Why a partition has no connection, for people. */
  reason(): string
  close(): void
}

export interface Master {
  readonly address: ServerAddress
  readonly partitions: readonly number[]
  readonly link: Link | undefined
}
