/**
 * The port to agents' checkpoints: which there are, what the state was at one, and a thread's copy for a fork.
 *
 * Whoever puts a node together gives it; it does not ask who may see what. What an agent's thread is called, and how a
 * graph's state becomes JSON, is behind it.
 */
import type { CheckpointEntry, Json } from "@everthread/protocol"

/** An agent's thread in a conversation. */
export interface AgentThread {
  readonly conversation: string
  readonly agent: string
  /** The agent that the conversation was made with, if one was. */
  readonly firstAgent: string | undefined
}

export interface ListedRange {
  /** Only those older than this one. */
  readonly before?: string | undefined
  /** None older than this one. */
  readonly oldest?: string | undefined
  readonly max: number
}

export interface CheckpointPage {
  /** Newest first, without their places in the log. */
  readonly checkpoints: readonly CheckpointEntry[]
  readonly more: boolean
}

export interface CheckpointHistory {
  list(thread: AgentThread, range: ListedRange): Promise<CheckpointPage>
  /** @returns the checkpoint and its state, whole, or `undefined` where there is none of this id. */
  read(
    thread: AgentThread,
    checkpoint: string,
  ): Promise<{ readonly checkpoint: CheckpointEntry; readonly values: Json } | undefined>
  /**
   * Gives another thread what this one was when the checkpoint had just been put; without one named, the newest. The copy
   * is there whole or not at all, and a repeat leaves it as it is, also where it has gone on.
   *
   * @returns the checkpoint at which the other thread stands, or `undefined` where there is nothing to copy.
   */
  copy(from: AgentThread, to: AgentThread, checkpoint: string | undefined): Promise<CheckpointEntry | undefined>
}
