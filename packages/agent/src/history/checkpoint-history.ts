/**
 * The history of agents' threads, for whoever serves it to people: which checkpoints there are, what the state was at
 * one, and a thread's copy for a fork. (SPEC HIS1–HIS4)
 *
 * It needs the saver and no graph. Where the agent's graph is at hand it is asked for the values, because channels that
 * store only what changed have none of their own in most checkpoints.
 *
 * It does not decide who may see what; it does not write to a log.
 */
import type { CheckpointEntry, Clock, Json } from "@everthread/protocol"
import type { LoadedGraph } from "../graph.ts"
import { threadOf } from "../thread-id.ts"
import { endOfTick } from "../wait.ts"
import { checkpointEntry } from "./checkpoint-entry.ts"
import { plainState } from "./plain-state.ts"
import { rootConfig, type StoredTuple, type ThreadSaver } from "./thread-saver.ts"

/**
 * An agent's thread in a conversation, and the agent that the conversation was made with.
 *
 * The server's port says this and what follows once more, because neither side may import the other; where the two are put
 * together the compiler holds them against each other.
 */
export interface AgentThread {
  readonly conversation: string
  readonly agent: string
  readonly firstAgent: string | undefined
}

export interface ListedRange {
  /** Only those older than this one. */
  readonly before?: string | undefined
  /** None older than this one. */
  readonly oldest?: string | undefined
  readonly max: number
}

export interface CheckpointHistoryParts {
  readonly saver: ThreadSaver
  /** Those that this node serves; it may be none. */
  readonly graphs: ReadonlyMap<string, LoadedGraph>
  readonly clock: Clock
}

/** How often the newest checkpoint may be gone before it is copied: a run goes on, and only few are kept. */
const copyTriesMax = 8

export class CheckpointHistory {
  readonly #parts: CheckpointHistoryParts

  constructor(parts: CheckpointHistoryParts) {
    this.#parts = parts
  }

  /** The thread's root checkpoints, newest first, and whether there are older ones within the range. */
  async list(
    thread: AgentThread,
    { before, oldest = "", max }: ListedRange,
  ): Promise<{ readonly checkpoints: CheckpointEntry[]; readonly more: boolean }> {
    const id = idOf(thread)
    const options = { limit: max + 1, ...(before === undefined ? {} : { before: rootConfig(id, before) }) }
    const checkpoints: CheckpointEntry[] = []
    for await (const tuple of this.#parts.saver.list(rootConfig(id), options)) {
      if (tuple.checkpoint.id < oldest) break
      if (checkpoints.length === max) return { checkpoints, more: true }
      checkpoints.push(checkpointEntry(tuple))
      // A long thread's checkpoint takes milliseconds to open: the others on this node are served in between.
      await endOfTick(this.#parts.clock)
    }
    return { checkpoints, more: false }
  }

  /** What the checkpoint says of itself and the graph's state at it, whole; `undefined` where there is none of this id. */
  async read(
    thread: AgentThread,
    checkpoint: string,
  ): Promise<{ readonly checkpoint: CheckpointEntry; readonly values: Json } | undefined> {
    const tuple = await this.#find(thread, checkpoint)
    if (!tuple) return undefined
    const graph = this.#parts.graphs.get(thread.agent)?.graph
    const values = graph ? await graph.values(idOf(thread), checkpoint) : tuple.checkpoint.channel_values
    return { checkpoint: checkpointEntry(tuple), values: plainState(values) }
  }

  /**
   * Gives another thread what this one was when the checkpoint had just been put; without one named, the newest. A
   * repeat finds the copy and leaves it as it is.
   *
   * @returns where the copy stands, or `undefined` where there is nothing to copy.
   */
  async copy(from: AgentThread, to: AgentThread, checkpoint: string | undefined): Promise<CheckpointEntry | undefined> {
    for (let tries = 0; tries < copyTriesMax; tries++) {
      const copied = await this.#find(to)
      if (copied) return checkpointEntry(copied)
      const id = checkpoint ?? (await this.#find(from))?.checkpoint.id
      if (id === undefined) return undefined
      if (!(await this.#copied(from, to, id)) && checkpoint !== undefined) return undefined
    }
    throw new Error(`The newest checkpoint of ${idOf(from)} was gone each time before it could be copied.`)
  }

  /** @returns whether the copy is there, whoever made it. */
  async #copied(from: AgentThread, to: AgentThread, checkpoint: string): Promise<boolean> {
    try {
      return await this.#parts.saver.copyThread(idOf(from), idOf(to), checkpoint)
    } catch (error) {
      // The same request may have come to two nodes, or have lost its answer.
      if (await this.#find(to)) return true
      throw error
    }
  }

  #find(thread: AgentThread, checkpoint?: string): Promise<StoredTuple | undefined> {
    return this.#parts.saver.getTuple(rootConfig(idOf(thread), checkpoint))
  }
}

function idOf({ conversation, agent, firstAgent }: AgentThread): string {
  return threadOf(conversation, agent, firstAgent)
}
