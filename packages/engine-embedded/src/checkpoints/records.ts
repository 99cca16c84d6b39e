/**
 * Checkpoints, channel values and pending writes as they are stored.
 *
 * A checkpoint is stored without its channels' values. A value is stored once for each version of its channel,
 * so that a superstep costs what it changed and not what the thread holds. Versions are never given twice
 * (see the saver's `getNextVersion`), so branches of one thread cannot write over each other's values.
 */
import type { Checkpoint, SerializerProtocol } from "@langchain/langgraph-checkpoint"
import { channelKey, checkpointKey, checkpointRecords, newestKey, type StoreKey } from "../keys.ts"
import { lastUnder, type Tables, under } from "../tables.ts"
import { frame, unframe } from "./frame.ts"
import type { CheckpointPlace } from "./place.ts"

export type Serialized = readonly [type: string, bytes: Uint8Array]

export interface StoredCheckpoint {
  readonly id: string
  /** Without the channels' values. */
  readonly checkpoint: Serialized
  readonly metadata: Serialized
  readonly parent: string | undefined
}

export interface StoredWrite {
  readonly task: string
  readonly channel: string
  readonly value: Serialized
}

type Three = [Uint8Array, Uint8Array, Uint8Array]
type Five = [...Three, Uint8Array, Uint8Array]

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** A record to be written. */
export type Write = readonly [key: StoreKey, value: Buffer]

function checkpointRecord(place: CheckpointPlace, stored: StoredCheckpoint): Write {
  const { id, checkpoint, metadata, parent = "" } = stored
  return [checkpointKey(place.thread, place.ns, id), frame([...checkpoint, ...metadata, parent])]
}

export function getCheckpoint(tables: Tables, place: CheckpointPlace, id: string): StoredCheckpoint | undefined {
  const record = tables.checkpoints.get(checkpointKey(place.thread, place.ns, id))
  return record && readCheckpoint(id, record)
}

/**
 * Ids hold the time of a wall clock, which may be set back: then what is newest has not the greatest id. So what was written
 * last is noted. What was stored before that was done, and a copied thread, is in the order of its ids.
 *
 * @returns the checkpoint that was written last.
 */
export function getNewestCheckpoint(tables: Tables, place: CheckpointPlace): StoredCheckpoint | undefined {
  const noted = tables.checkpoints.get(newestKey(place.thread, place.ns))
  if (noted) return getCheckpoint(tables, place, textOf(noted))
  const last = lastUnder(tables.checkpoints, checkpointRecords("c", place.thread, place.ns))
  return last && readCheckpoint(String(last.key[3]), last.value)
}

/** Stores a checkpoint, and that it is the newest. One that is there already, put again, is no news. */
export function putCheckpoint({ checkpoints }: Tables, place: CheckpointPlace, stored: StoredCheckpoint): void {
  const [key, value] = checkpointRecord(place, stored)
  if (!checkpoints.doesExist(key)) checkpoints.put(newestKey(place.thread, place.ns), Buffer.from(stored.id))
  checkpoints.put(key, value)
}

function readCheckpoint(id: string, record: Buffer): StoredCheckpoint {
  const [type, bytes, metadataType, metadata, parent] = unframe(record) as Five
  return {
    id,
    checkpoint: [textOf(type), bytes],
    metadata: [textOf(metadataType), metadata],
    parent: textOf(parent) || undefined,
  }
}

export const valueRecord = (channel: string, [type, bytes]: Serialized): Buffer => frame([channel, type, bytes])

function readValue(record: Buffer): { channel: string; value: Serialized } {
  const [channel, type, bytes] = unframe(record) as Three
  return { channel: textOf(channel), value: [textOf(type), bytes] }
}

/** In the order of tasks and of each task's writes. */
export function getWrites(tables: Tables, { thread, ns }: CheckpointPlace, id: string): StoredWrite[] {
  return [...under(tables.checkpoints, checkpointRecords("w", thread, ns, id))].map(({ key, value }) => ({
    task: String(key[4]),
    ...readValue(value),
  }))
}

/** @returns the values that the checkpoint's channels had; a channel without a value is not in it. */
export function getChannels(tables: Tables, place: CheckpointPlace, versions: Checkpoint["channel_versions"]) {
  return Object.entries(versions).flatMap(([channel, version]) => {
    const record = tables.checkpoints.get(channelKey(place.thread, place.ns, channel, version))
    return record ? [readValue(record)] : []
  })
}

export const load = (serde: SerializerProtocol, [type, bytes]: Serialized) => serde.loadsTyped(type, bytes)
