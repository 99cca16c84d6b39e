/**
 * LangGraph's checkpoint saver on plain Redis or Valkey, standalone or Cluster: no modules, two keys a thread under one
 * hash tag, and one script, so one round trip and one atomic step, for each call.
 *
 * A write that carries a fence (see `fence.ts`) is refused with `FencedError`, in the step that would have written,
 * unless it is its thread's current one. A write without one is not checked.
 */
import type { RunnableConfig } from "@langchain/core/runnables"
import {
  BaseCheckpointSaver,
  type ChannelVersions,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  type DeltaChannelHistory,
  type PendingWrite,
} from "@langchain/langgraph-checkpoint"
import { checkpointArguments, writeArguments } from "./arguments.ts"
import { type Argument, type CallScript, scriptCaller } from "./calls.ts"
import { readDeltaHistory } from "./delta-history.ts"
import { FencedError, type FencedReason } from "./errors.ts"
import { fenceCheck } from "./fence.ts"
import { keyPrefixOf, threadKeys } from "./keys.ts"
import { limits } from "./limits.ts"
import { listThread } from "./list.ts"
import { dumpScript, restoreScript } from "./lua/copy.ts"
import { getTupleScript } from "./lua/get-tuple.ts"
import { putScript } from "./lua/put.ts"
import { putWritesScript } from "./lua/put-writes.ts"
import { deleteScript, pruneScript, truncateScript } from "./lua/upkeep.ts"
import { mustBeCount, type RedisSaverOptions } from "./options.ts"
import { checkpointIdIn, configOf, getPlace, mustBeName, mustGetCheckpointId, mustGetPlace } from "./place.ts"
import { type Random, systemRandom } from "./random.ts"
import { arrayOf, bytesOf, numberIn, textIn } from "./reply.ts"
import type { Script, ScriptRunner } from "./script.ts"
import type { Writer } from "./serializing.ts"
import { openTuple } from "./tuples.ts"

export class RedisSaver extends BaseCheckpointSaver {
  readonly #call: CallScript
  readonly #random: Random
  readonly #options: RedisSaverOptions
  readonly #ttlMs: number
  readonly #maxCheckpoints: number

  /** @param runner to Redis; `nodeRedisRunner(client)` and its like make one of a client that is connected. */
  constructor(runner: ScriptRunner, options: RedisSaverOptions = {}) {
    super(options.serde)
    const { random = systemRandom, ttlMs, maxCheckpoints } = options
    this.#call = scriptCaller(runner, random)
    this.#random = random
    this.#options = options
    this.#ttlMs = ttlMs === undefined ? 0 : mustBeCount("ttlMs", ttlMs)
    this.#maxCheckpoints = maxCheckpoints === undefined ? 0 : mustBeCount("maxCheckpoints", maxCheckpoints)
    // LangGraph takes this method off the saver and binds it to whatever is at hand.
    this.getNextVersion = this.getNextVersion.bind(this)
  }

  /** The next whole number and a random fraction: two branches of a thread never give one version to two values. */
  override getNextVersion(current: number | undefined): number {
    return Math.floor(current ?? 0) + 1 + this.#random.fraction()
  }

  /** @throws UnreadableCheckpointError if what is stored cannot be deserialized. */
  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const place = getPlace(config)
    if (!place) return undefined
    const args = [place.ns, checkpointIdIn(config) ?? ""]
    const [tuple] = await this.#call(getTupleScript, { keys: this.#keysOf(place.thread), args })
    return tuple === undefined ? undefined : (await openTuple(this.serde, place.thread, tuple)).load()
  }

  /** The checkpoint put last comes first. Without a `thread_id`: those of all threads, one thread after the other. */
  override async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const place = getPlace(config)
    let left = options.limit ?? Number.POSITIVE_INFINITY
    for await (const thread of place ? [place.thread] : this.#allThreads()) {
      const listed = { call: this.#call, serde: this.serde, thread, keys: this.#keysOf(thread) }
      for await (const tuple of listThread(listed, config, { ...options, limit: left })) {
        left -= 1
        yield tuple
      }
      if (left <= 0) return
    }
  }

  /**
   * @throws FencedError if the config carries a fence that is not the current one, or if it is and this checkpoint
   *   does not continue the thread where it ends.
   * @throws ValueTooLargeError
   */
  override async put(
    config: RunnableConfig,
    checkpoint: Checkpoint,
    metadata: CheckpointMetadata,
    newVersions: ChannelVersions,
  ): Promise<RunnableConfig> {
    const place = mustGetPlace(config)
    const named = checkpointIdIn(config)
    const parent = named === checkpoint.id ? undefined : named
    const put = { checkpoint, metadata, newVersions, parent }
    const args = await checkpointArguments(this.#writer(place.thread), put)
    await this.#write(putScript, config, [this.#ttlMs, this.#maxCheckpoints, place.ns, ...args])
    return configOf(place, checkpoint.id)
  }

  /**
   * @param _taskPath given by newer versions of LangGraph; the order of tasks does not need it here.
   * @throws FencedError @throws ValueTooLargeError
   */
  override async putWrites(
    config: RunnableConfig,
    writes: PendingWrite[],
    taskId: string,
    _taskPath?: string,
  ): Promise<void> {
    const { thread, ns } = mustGetPlace(config)
    const id = mustBeName("checkpoint_id", mustGetCheckpointId(config))
    const args = await writeArguments(this.#writer(thread), writes, taskId)
    await this.#write(putWritesScript, config, [this.#ttlMs, ns, id, ...args])
  }

  override async getDeltaChannelHistory(options: {
    config: RunnableConfig
    channels: string[]
  }): Promise<Record<string, DeltaChannelHistory>> {
    const { config, channels } = options
    if (channels.length === 0) return {}
    const place = mustGetPlace(config)
    const where = { place, id: checkpointIdIn(config), channels, keys: this.#keysOf(place.thread) }
    return readDeltaHistory({ call: this.#call, serde: this.serde, ...where })
  }

  override async deleteThread(threadId: string): Promise<void> {
    await this.#call(deleteScript, { keys: this.#keysOf(threadId), args: [] })
  }

  /**
   * Keeps the newest checkpoints of a thread, and what their delta channels begin at; see `maxCheckpoints`.
   * @returns how many checkpoints went.
   */
  async prune(threadId: string, keep: number): Promise<number> {
    const args = [mustBeCount("keep", keep)]
    return numberIn((await this.#call(pruneScript, { keys: this.#keysOf(threadId), args }))[0])
  }

  /**
   * Makes a thread what it was when a checkpoint had just been put: later ones go, in all namespaces, and so do writes
   * that were made later.
   * @returns how many checkpoints went.
   * @throws FencedError as `put` does. @throws Error if the thread has no such checkpoint.
   */
  async truncateAfter(config: RunnableConfig): Promise<number> {
    const { ns, thread } = mustGetPlace(config)
    const id = mustGetCheckpointId(config)
    const [outcome, removed] = await this.#write(truncateScript, config, [ns, id])
    if (outcome === "truncated") return numberIn(removed)
    throw new Error(`Thread ${JSON.stringify(thread)} has no checkpoint ${JSON.stringify(id)}.`)
  }

  /**
   * Gives another thread, which must not be there yet, everything of this one, as it is at one moment.
   * @param checkpoint of the root namespace: what the thread was when it had just been put; see `truncateAfter`.
   * @returns whether there was anything to copy.
   */
  async copyThread(from: string, to: string, checkpoint?: string): Promise<boolean> {
    const [fields, members] = await this.#call(dumpScript, { keys: this.#keysOf(from), args: [] })
    if (fields === undefined) return false
    const copied = [...arrayOf(fields), ...arrayOf(members)].map(bytesOf)
    const args = [arrayOf(fields).length, checkpoint ?? "", this.#ttlMs, ...copied]
    const outcome = textIn((await this.#call(restoreScript, { keys: this.#keysOf(to), args }))[0])
    if (outcome !== "exists") return outcome === "restored"
    throw new Error(`Thread ${JSON.stringify(to)} is there already; nothing was copied.`)
  }

  /** @returns the reply, whose first element is the outcome. */
  async #write(script: Script, config: RunnableConfig, args: readonly Argument[]): Promise<[string, ...unknown[]]> {
    const { thread } = mustGetPlace(config)
    const { fence } = this.#options
    const check = fenceCheck(fence, config, thread)
    const keys = [...this.#keysOf(thread), ...check.keys]
    const [outcome, ...rest] = await this.#call(script, { keys, args: [...check.args, ...args] })
    const text = textIn(outcome)
    if (text !== "fenced" && text !== "parent") return [text, ...rest]
    fence?.onFenced?.(thread)
    throw new FencedError(thread, (text === "parent" ? "parent" : "fence") satisfies FencedReason)
  }

  #keysOf(thread: string): readonly [string, string] {
    if (thread === "") throw new Error("The id of a thread must not be empty.")
    return threadKeys((this.#options.keyPrefixOf ?? keyPrefixOf)(thread))
  }

  #writer(thread: string): Writer {
    return { serde: this.serde, thread, valueBytesMax: this.#options.valueBytesMax ?? limits.valueBytesMax }
  }

  #allThreads(): AsyncIterable<string> {
    const { threads } = this.#options
    if (threads) return threads()
    throw new Error('Listing without a thread_id needs the option "threads", which says what threads there are.')
  }
}
