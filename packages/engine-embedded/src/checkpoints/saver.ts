/**
 * LangGraph's checkpoint saver in the engine's own store: durable when it answers, and written in the same
 * transaction as the check that the writer still owns the conversation. (SPEC RUN2)
 *
 * An owner puts its fence into `config.configurable.__fence`; a write that carries one is refused with
 * `FencedError` unless it is the conversation's current fence. A write without one is not checked.
 *
 * Writes can also be handed over instead of being stored, and be stored together with an append to the log: see
 * `handing` and `storeWith`.
 */

import type { AppendRequest, AppendResult, Fence } from "@everthread/engine"
import { type Random, systemRandom } from "@everthread/protocol"
import type { RunnableConfig } from "@langchain/core/runnables"
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  copyCheckpoint,
  type PendingWrite,
  type SerializerProtocol,
  WRITES_IDX_MAP,
} from "@langchain/langgraph-checkpoint"
import type { Beside } from "../append-with.ts"
import { getHead, isCurrentFence } from "../head.ts"
import { channelKey, checkpointFamilies, checkpointRecords, writeKey } from "../keys.ts"
import type { EmbeddedEngine } from "../open.ts"
import { keysUnder, type Tables } from "../tables.ts"
import { copyThread } from "./copy-thread.ts"
import { FencedError } from "./fenced-error.ts"
import { listCheckpoints, matches } from "./list.ts"
import { checkpointIdIn, configOf, fenceIn, getPlace, mustGetPlace } from "./place.ts"
import { getCheckpoint, getNewestCheckpoint, load, putCheckpoint, valueRecord, type Write } from "./records.ts"
import { readTuple } from "./tuple.ts"

export interface EmbeddedSaverOptions {
  /** Which conversation a thread belongs to: its fence is the one that counts. Default: that of the same name. */
  readonly conversationOf?: (thread: string) => string
  readonly serde?: SerializerProtocol
  readonly random?: Random
}

/** One write, ready to be stored. */
export interface EmbeddedWrite {
  readonly conversation: string
  /** Of who writes; `undefined`: it is not asked. */
  readonly fence: Fence | undefined
  readonly change: (tables: Tables) => void
}

type Take = (write: EmbeddedWrite) => Promise<void>

export class EmbeddedSaver extends BaseCheckpointSaver {
  readonly #engine: Pick<EmbeddedEngine, "store" | "log">
  readonly #options: EmbeddedSaverOptions
  readonly #conversationOf: (thread: string) => string
  readonly #random: Random
  #take: Take = async (write) => {
    if (!(await this.#storeAlone([write]))) throw new FencedError(write.conversation)
  }

  constructor(engine: Pick<EmbeddedEngine, "store" | "log">, options: EmbeddedSaverOptions = {}) {
    super(options.serde)
    this.#engine = engine
    this.#options = options
    this.#conversationOf = options.conversationOf ?? ((thread) => thread)
    this.#random = options.random ?? systemRandom
    // LangGraph takes this method off the saver and binds it to whatever is at hand.
    this.getNextVersion = this.getNextVersion.bind(this)
  }

  /** The next whole number and a random fraction: two branches of a thread never give one version to two values. */
  override getNextVersion(current: number | undefined): number {
    return Math.floor(current ?? 0) + 1 + this.#random.fraction()
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const place = getPlace(config)
    if (!place) return undefined
    const id = checkpointIdIn(config)
    const stored = this.#engine.store.read((tables) =>
      id === undefined ? getNewestCheckpoint(tables, place) : getCheckpoint(tables, place, id),
    )
    return stored && readTuple({ store: this.#engine.store, serde: this.serde }, place, stored)
  }

  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { before, filter, limit = Number.POSITIVE_INFINITY } = options
    let given = 0
    for (const listed of this.#engine.store.read((tables) => listCheckpoints(tables, config, before))) {
      if (given >= limit) return
      const stored = this.#engine.store.read((tables) => getCheckpoint(tables, listed, listed.id))
      if (!stored || !matches(await load(this.serde, stored.metadata), filter)) continue
      given += 1
      yield readTuple({ store: this.#engine.store, serde: this.serde }, listed, stored)
    }
  }

  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const place = mustGetPlace(config)
    const { channel_values: values, ...rest } = copyCheckpoint(checkpoint)
    const channels = Object.entries(newVersions).filter(([channel]) => values[channel] !== undefined)
    const records: Write[] = await Promise.all(
      channels.map(async ([channel, version]): Promise<Write> => {
        const value = await this.serde.dumpsTyped(values[channel])
        return [channelKey(place.thread, place.ns, channel, version), valueRecord(channel, value)]
      }),
    )
    const stored = {
      id: checkpoint.id,
      checkpoint: await this.serde.dumpsTyped({ ...rest, channel_values: {} }),
      metadata: await this.serde.dumpsTyped(metadata),
      parent: checkpointIdIn(config),
    }
    await this.#write(config, place.thread, (tables) => {
      for (const [key, value] of records) tables.checkpoints.put(key, value)
      putCheckpoint(tables, place, stored)
    })
    return configOf(place, checkpoint.id)
  }

  /** @param _taskPath given by newer versions of LangGraph; the order of tasks does not need it here. */
  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    _taskPath?: string,
  ): Promise<void> {
    const { thread, ns } = mustGetPlace(config)
    const id = checkpointIdIn(config)
    if (id === undefined) throw new Error("Cannot store writes: config.configurable.checkpoint_id is missing.")
    const records = await Promise.all(
      writes.map(async ([channel, value], position) => {
        const index = WRITES_IDX_MAP[channel] ?? position
        const record = valueRecord(channel, await this.serde.dumpsTyped(value))
        return { index, key: writeKey(thread, ns, id, taskId, index), record }
      }),
    )
    await this.#write(config, thread, ({ checkpoints }) => {
      for (const { index, key, record } of records) {
        // An ordinary write is made once. Errors, interrupts and answers may follow each other.
        if (index < 0 || !checkpoints.doesExist(key)) checkpoints.put(key, record)
      }
    })
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#engine.store.write(({ checkpoints }) => {
      for (const family of checkpointFamilies) {
        for (const key of [...keysUnder(checkpoints, checkpointRecords(family, threadId))]) checkpoints.remove(key)
      }
    })
  }

  /**
   * Gives another thread, which must not be there yet, what this one was when a checkpoint had just been put.
   * @returns whether there was such a checkpoint, and so anything to copy.
   */
  copyThread(from: string, to: string, checkpoint: string): Promise<boolean> {
    return copyThread(this.#engine.store, this.serde, { from, to, checkpoint })
  }

  /** @returns a saver of the same threads that hands what `put` and `putWrites` write to `take`. */
  handing(take: Take): EmbeddedSaver {
    const other = new EmbeddedSaver(this.#engine, { ...this.#options, serde: this.serde })
    other.#take = take
    return other
  }

  /**
   * Stores writes that were handed over, and appends, in one transaction. Without bodies: only the writes.
   * @returns `fenced` also where a write's own fence is not the current one any more.
   */
  async storeWith(request: AppendRequest, writes: readonly EmbeddedWrite[]): Promise<Pick<AppendResult, "status">> {
    if (request.bodies.length > 0) return this.#engine.log.appendWith(request, besideOf(writes))
    return { status: (await this.#storeAlone(writes)) ? "appended" : "fenced" }
  }

  /** @returns whether they are stored; otherwise a fence is not the current one. */
  #storeAlone(writes: readonly EmbeddedWrite[]): Promise<boolean> {
    const beside = besideOf(writes)
    return this.#engine.store.write((tables) => {
      if (beside.refuses(tables)) return false
      beside.write(tables)
      return true
    })
  }

  #write(config: RunnableConfig, thread: string, change: (tables: Tables) => void): Promise<void> {
    return this.#take({ conversation: this.#conversationOf(thread), fence: fenceIn(config), change })
  }
}

function besideOf(writes: readonly EmbeddedWrite[]): Beside {
  const isRefused = (tables: Tables, { conversation, fence }: EmbeddedWrite): boolean =>
    fence !== undefined && !isCurrentFence(getHead(tables, conversation), fence)
  return {
    refuses: (tables) => writes.some((write) => isRefused(tables, write)),
    write: (tables) => writes.forEach(({ change }) => void change(tables)),
  }
}
