/**
 * Checkpoints, channel values and pending writes as they are stored.
 *
 * A checkpoint is stored without its channels' values. A value is stored once for each version of its channel,
 * so that a superstep costs what it changed and not what the thread holds. Versions are never given twice
 * (see the saver's `getNextVersion`), so branches of one thread cannot write over each other's values.
 */
import type { Checkpoint, SerializerProtocol } from "@langchain/langgraph-checkpoint"
import { channelKey, checkpointKey, checkpointRecords, type StoreKey } from "../keys.ts"
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

export function checkpointRecord(place: CheckpointPlace, stored: StoredCheckpoint): Write {
  const { id, checkpoint, metadata, parent = "" } = stored
  return [checkpointKey(place.thread, place.ns, id), frame([...checkpoint, ...metadata, parent])]
}

export function getCheckpoint(tables: Tables, place: CheckpointPlace, id: string): StoredCheckpoint | undefined {
  const record = tables.checkpoints.get(checkpointKey(place.thread, place.ns, id))
  return record && readCheckpoint(id, record)
}

/** @returns the checkpoint with the greatest id, which is the newest. */
export function getNewestCheckpoint(tables: Tables, { thread, ns }: CheckpointPlace): StoredCheckpoint | undefined {
  const newest = lastUnder(tables.checkpoints, checkpointRecords("c", thread, ns))
  return newest && readCheckpoint(String(newest.key[3]), newest.value)
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
