/** A checkpoint as LangGraph gets it, made of what a script read in one step. */
import {
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
  maxChannelVersion,
  type SerializerProtocol,
  TASKS,
} from "@langchain/langgraph-checkpoint"
import { configOf } from "./place.ts"
import { load, loadValue, loadWrites, type Reader, readPart } from "./reading.ts"
import { type CheckpointRecord, decodeCheckpoint, sendsInChannelSince } from "./records.ts"
import { arrayOf, bytesOf, textIn } from "./reply.ts"

/** A tuple of which only the metadata was looked at: a listing may not want the rest. */
export interface OpenedTuple {
  readonly metadata: CheckpointMetadata
  load(): Promise<CheckpointTuple>
}

/** @param reply `{ns, id, record, values, writes, sends}` as the scripts give it. */
export async function openTuple(serde: SerializerProtocol, thread: string, reply: unknown): Promise<OpenedTuple> {
  const [ns, id, record, ...rest] = arrayOf(reply)
  const reader = { serde, place: { thread, ns: textIn(ns) }, id: textIn(id) }
  const stored = await readPart(reader, "The record", () => decodeCheckpoint(bytesOf(record)))
  const metadata = await readPart(reader, "The metadata", () => load(serde, stored.metadata))
  return { metadata, load: () => loadTuple(reader, stored, metadata, rest) }
}

async function loadTuple(
  reader: Reader,
  stored: CheckpointRecord,
  metadata: CheckpointMetadata,
  [values, writes, sends]: readonly unknown[],
): Promise<CheckpointTuple> {
  const bare = await readPart(reader, "The checkpoint", () => load(reader.serde, stored.checkpoint))
  const checkpoint: Checkpoint = { ...bare, channel_values: await loadValues(reader, stored.versions, arrayOf(values)) }
  checkpoint.channel_versions = { ...stored.versions }
  if (stored.parent && checkpoint.v < sendsInChannelSince) addSends(checkpoint, await loadWrites(reader, sends))
  return {
    config: configOf(reader.place, reader.id),
    checkpoint,
    metadata,
    pendingWrites: await loadWrites(reader, writes),
    ...(stored.parent ? { parentConfig: configOf(reader.place, stored.parent) } : {}),
  }
}

/** @param values in the order of the versions; nothing for a channel without a value. */
async function loadValues(
  reader: Reader,
  versions: Checkpoint["channel_versions"],
  values: readonly unknown[],
): Promise<Record<string, unknown>> {
  const found = Object.keys(versions)
    .map((channel, at) => ({ channel, record: values[at] }))
    .filter(({ record }) => record !== null && record !== undefined)
  const loaded = found.map(async ({ channel, record }) => [channel, await loadValue(reader, channel, bytesOf(record))])
  return Object.fromEntries(await Promise.all(loaded)) as Record<string, unknown>
}

/** Brings a checkpoint of an older format to the form that LangGraph works with today. */
function addSends(
  checkpoint: Checkpoint,
  writes: readonly (readonly [task: string, channel: string, value: unknown])[],
) {
  checkpoint.channel_values[TASKS] = writes.filter(([, channel]) => channel === TASKS).map(([, , value]) => value)
  const versions = Object.values(checkpoint.channel_versions)
  checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : 1
}
