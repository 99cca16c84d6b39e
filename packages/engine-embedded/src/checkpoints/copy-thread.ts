/**
 * Copying a thread as it was when one of its checkpoints had just been put: that checkpoint, those before it in all
 * namespaces, the values that they hold, and the writes that led to it.
 *
 * What is copied is looked up first and written in one transaction, so there is a whole copy or none. In between a
 * checkpoint may have been deleted, and never changed. What came before is told by
 * the ids, which hold the time of the wall clock.
 */
import type { Checkpoint, SerializerProtocol } from "@langchain/langgraph-checkpoint"
import { channelKey, checkpointKey, checkpointRecords, type StoreKey } from "../keys.ts"
import type { Store } from "../store.ts"
import { keysUnder, type Tables } from "../tables.ts"
import { getCheckpoint, load } from "./records.ts"

export interface ThreadCopy {
  readonly from: string
  readonly to: string
  /** Of the root namespace: the last one that is copied. */
  readonly checkpoint: string
}

interface Kept {
  readonly ns: string
  readonly id: string
}

/**
 * @returns `false` without such a checkpoint; then nothing was copied.
 * @throws if the other thread is there already.
 */
export async function copyThread(store: Store, serde: SerializerProtocol, copy: ThreadCopy): Promise<boolean> {
  const { from, to, checkpoint } = copy
  const kept = store.read((tables) => keptCheckpoints(tables, copy))
  const values = await valueKeys(store, serde, from, kept)
  const outcome = await store.write((tables) => {
    if (isThere(tables, to)) return "exists"
    if (!tables.checkpoints.doesExist(checkpointKey(from, "", checkpoint))) return "missing"
    const checkpoints = kept.map(({ ns, id }) => checkpointKey(from, ns, id))
    copyRecords(tables, [...checkpoints, ...values, ...writeKeys(tables, copy)], to)
    return "copied"
  })
  if (outcome === "exists") throw new Error(`Thread ${JSON.stringify(to)} is there already; nothing was copied.`)
  return outcome === "copied"
}

function keptCheckpoints({ checkpoints }: Tables, { from, checkpoint }: ThreadCopy): Kept[] {
  return [...keysUnder(checkpoints, checkpointRecords("c", from))]
    .map(([, , ns, id]) => ({ ns: String(ns), id: String(id) }))
    .filter(({ id }) => id <= checkpoint)
}

/** Which versions of its channels a checkpoint has is known only to who deserializes it. */
async function valueKeys(
  store: Store,
  serde: SerializerProtocol,
  thread: string,
  kept: readonly Kept[],
): Promise<StoreKey[]> {
  const keys = new Map<string, StoreKey>()
  for (const { ns, id } of kept) {
    const stored = store.read((tables) => getCheckpoint(tables, { thread, ns }, id))
    if (!stored) continue
    const { channel_versions: versions } = (await load(serde, stored.checkpoint)) as Checkpoint
    for (const [channel, version] of Object.entries(versions)) {
      const key = channelKey(thread, ns, channel, version)
      keys.set(JSON.stringify(key), key)
    }
  }
  return [...keys.values()]
}

/** Not those of the last one itself: they were made after it. */
function writeKeys({ checkpoints }: Tables, { from, checkpoint }: ThreadCopy): StoreKey[] {
  return [...keysUnder(checkpoints, checkpointRecords("w", from))].filter(([, , , id]) => String(id) < checkpoint)
}

const isThere = ({ checkpoints }: Tables, thread: string): boolean =>
  keysUnder(checkpoints, checkpointRecords("c", thread)).next().done === false

function copyRecords({ checkpoints }: Tables, keys: readonly StoreKey[], to: string): void {
  for (const key of keys) {
    const record = checkpoints.get(key)
    if (record) checkpoints.put(key.with(1, to), record)
  }
}
