/**
 * The newest checkpoint of each namespace, as this attempt wrote it or read it first: nobody else writes while it owns
 * the conversation, so it need not be read again. Loading a long thread costs far more than running on it.
 *
 * It holds no more than one checkpoint a namespace, and only what a reading would give: where that is not plain, the
 * checkpoint is forgotten here and read from the store.
 */
import { type BaseCheckpointSaver, copyCheckpoint } from "@langchain/langgraph"

type Put = Parameters<BaseCheckpointSaver["put"]>
type Writes = Parameters<BaseCheckpointSaver["putWrites"]>
type Config = Put[0]
type Tuple = Awaited<ReturnType<BaseCheckpointSaver["getTuple"]>>
type Found = NonNullable<Tuple>
type Pending = NonNullable<Found["pendingWrites"]>[number]

export class HotTuples {
  readonly #read: (config: Config) => Promise<Tuple>
  readonly #newest = new Map<string, Found>()
  /** Counts what was written, by which a reading knows that it is out of date. */
  #writes = 0

  constructor(read: (config: Config) => Promise<Tuple>) {
    this.#read = read
  }

  async getTuple(config: Config): Promise<Tuple> {
    const place = placeOf(config)
    const id = idIn(config)
    const hot = this.#newest.get(place)
    if (hot && (id === undefined || id === idIn(hot.config))) return copyOf(hot)
    const writes = this.#writes
    const tuple = await this.#read(config)
    if (!tuple || id !== undefined || writes !== this.#writes) return tuple
    this.#newest.set(place, tuple)
    return copyOf(tuple)
  }

  /** @param config of the parent. @param stored of the checkpoint itself. */
  put(config: Config, stored: Config, checkpoint: Put[1], metadata: Put[2]): void {
    this.#writes += 1
    const place = placeOf(config)
    const parent = idIn(config)
    if (hasDeltaChannels(checkpoint, metadata)) {
      this.#newest.delete(place)
      return
    }
    const parentConfig =
      parent === undefined ? undefined : { configurable: { ...stored.configurable, checkpoint_id: parent } }
    const tuple = { config: stored, checkpoint: withStoredValues(checkpoint), metadata, pendingWrites: [] }
    this.#newest.set(place, parentConfig ? { ...tuple, parentConfig } : tuple)
  }

  putWrites(config: Config, writes: Writes[1], task: string): void {
    this.#writes += 1
    const place = placeOf(config)
    const hot = this.#newest.get(place)
    if (!hot || idIn(hot.config) !== idIn(config)) return
    const pending = hot.pendingWrites ?? []
    // What becomes of a task's second writes is the store's to say.
    if (pending.some(([held]) => held === task)) this.#newest.delete(place)
    else
      this.#newest.set(place, { ...hot, pendingWrites: [...pending, ...writes.map((write) => pendingOf(task, write))] })
  }
}

const pendingOf = (task: string, [channel, value]: Writes[1][number]): Pending => [task, channel, value]

function placeOf({ configurable }: Config): string {
  return JSON.stringify([configurable?.["thread_id"], configurable?.["checkpoint_ns"] ?? ""])
}

function idIn({ configurable }: Config): string | undefined {
  return configurable?.["checkpoint_id"] || undefined
}

/** Whoever gets it may change what it is made of, though not the values themselves. */
function copyOf(tuple: Found): Found {
  const copy = { ...tuple, checkpoint: copyCheckpoint(tuple.checkpoint), metadata: { ...tuple.metadata } as Put[2] }
  return tuple.pendingWrites ? { ...copy, pendingWrites: [...tuple.pendingWrites] } : copy
}

function withStoredValues(checkpoint: Put[1]): Put[1] {
  const values = Object.entries(checkpoint.channel_values).filter(([, value]) => value !== undefined)
  return { ...copyCheckpoint(checkpoint), channel_values: Object.fromEntries(values) }
}

/** Channels that are kept as the writes of many checkpoints: what a reading gives of them is not what was put. */
function hasDeltaChannels({ channel_values: values }: Put[1], metadata: Put[2]): boolean {
  return "counters_since_delta_snapshot" in metadata || Object.values(values).some(isDeltaSnapshot)
}

/** By its mark and not by its class: the author may use another copy of LangGraph. */
function isDeltaSnapshot(value: unknown): boolean {
  return typeof value === "object" && value !== null && "lg_name" in value && value.lg_name === "DeltaSnapshot"
}
