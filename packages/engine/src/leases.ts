/**
 * The port of ownership: who may write a run's output, and whether that owner lives.
 *
 * It uses no clock that two machines share. A node's heartbeat is a counter; a challenger that has
 * not seen it move for the lease time, by its own monotonic clock, may take the run over. (SPEC RUN2)
 *
 * What is called a node here is one process: whoever beats and claims under a name that another process had, or has
 * still, is taken for that one. So a worker adds something of its own to its node's name.
 */
import type { Fence, RunAbout } from "./event-log.ts"

export interface Owner {
  readonly node: string
  readonly run: string
  readonly fence: Fence
}

export interface OpenRun {
  readonly conversation: string
  readonly run: string
  /** The seq of the entry that last opened it: to say which opening is done with. */
  readonly seq: number
  /** Who claimed it last. */
  readonly owner: Owner | undefined
  /** As it was said when it was opened last; `undefined`: the log has it. */
  readonly about: RunAbout | undefined
}

/** What a worker says of itself, for all nodes of the store to read. */
export interface Announcement {
  /** Under which it beats and claims. */
  readonly owner: string
  /** Its node's name, as people gave it: two processes may have one by mistake. */
  readonly node: string
  /** The agents that it serves. */
  readonly agents: readonly string[]
  /** Something that it could work on waits, because all its places are taken. */
  readonly isFull: boolean
}

export interface Announced {
  /** Workers that have not withdrawn and were not struck off. Whether they live, their heartbeats say. */
  readonly workers: readonly Announcement[]
  /** Agents that somebody announced, or that were served until then, within the last day by the nodes' clocks. */
  readonly agents: readonly string[]
}

export interface ClaimRequest {
  readonly conversation: string
  readonly run: string
  readonly node: string
  /** Random, of this claim: `[0-9A-Za-z]+`. */
  readonly nonce: string
  /** The owner that the challenger saw, and holds for dead or done; `undefined`: nobody. */
  readonly instead: Fence | undefined
}

export interface Leases {
  /** Counts the node's heartbeat up. @returns the new count. */
  beat(node: string): Promise<number>
  /** @returns the counts of these nodes; 0 for one that never beat or has left. */
  beats(nodes: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** The node has left in good order: whoever sees its count at 0 need not wait. */
  leave(node: string): Promise<void>
  /** Says it, instead of what was said under this `owner` before. It need not be as durable as an append. */
  announce(announcement: Announcement): Promise<void>
  announced(): Promise<Announced>
  /** The worker is no more: it has left, or was seen to be gone. Its agents stay known for a day. */
  withdraw(announcement: Announcement): Promise<void>
  /**
   * Makes the node the conversation's owner with the next fence, if the run is open and the owner is
   * still the one the challenger saw.
   * @returns the new fence, or `undefined` if somebody else was first or the run is not open.
   */
  claim(request: ClaimRequest): Promise<Fence | undefined>
  /** Gives the conversation up, if the fence is still the current one; the run stays open. */
  release(conversation: string, fence: Fence): Promise<void>
  /**
   * Every open run; those of one conversation in the order of its log, others about in the order in which they were
   * opened. A run that the engine was not told of may be found seconds late.
   */
  openRuns(): Promise<readonly OpenRun[]>
  /** Nobody has to look at this opening of the run any more; a later opening is not touched. */
  settle(conversation: string, run: string, seq: number): Promise<void>
  /**
   * Calls `listener` when a run may have been opened, on any node: with two empty names where the engine was out of
   * touch, and it may have been any. It may be told too often, or, if a message is lost, not at all.
   * @returns stops it.
   */
  onOpened(listener: (conversation: string, run: string) => void): () => void
}
