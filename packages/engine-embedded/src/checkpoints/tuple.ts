/** A checkpoint as LangGraph gets it: everything about it read in one moment, then deserialized. */
import {
  type Checkpoint,
  type CheckpointPendingWrite,
  type CheckpointTuple,
  maxChannelVersion,
  type SerializerProtocol,
  TASKS,
} from "@langchain/langgraph-checkpoint"
import type { Store } from "../store.ts"
import { type CheckpointPlace, configOf } from "./place.ts"
import { getChannels, getWrites, load, type StoredCheckpoint, type StoredWrite } from "./records.ts"

/** From this format on, what was sent to other nodes is stored in a channel; before, only as the parent's writes. */
const sendsInChannelSince = 4

export interface TupleReader {
  readonly store: Store
  readonly serde: SerializerProtocol
}

export async function readTuple(
  reader: TupleReader,
  place: CheckpointPlace,
  stored: StoredCheckpoint,
): Promise<CheckpointTuple> {
  const { serde, store } = reader
  const checkpoint = (await load(serde, stored.checkpoint)) as Checkpoint
  const { channels, writes, sends } = store.read((tables) => ({
    channels: getChannels(tables, place, checkpoint.channel_versions),
    writes: getWrites(tables, place, stored.id),
    sends: stored.parent && checkpoint.v < sendsInChannelSince ? getWrites(tables, place, stored.parent) : undefined,
  }))
  checkpoint.channel_values = Object.fromEntries(
    await Promise.all(channels.map(async ({ channel, value }) => [channel, await load(serde, value)])),
  )
  if (sends) await addSends(reader, checkpoint, sends)
  return {
    config: configOf(place, stored.id),
    checkpoint,
    metadata: await load(serde, stored.metadata),
    pendingWrites: await Promise.all(writes.map((write) => loadWrite(serde, write))),
    ...(stored.parent ? { parentConfig: configOf(place, stored.parent) } : {}),
  }
}

async function loadWrite(serde: SerializerProtocol, write: StoredWrite): Promise<CheckpointPendingWrite> {
  return [write.task, write.channel, await load(serde, write.value)]
}

/** Brings a checkpoint of an older format to the form that LangGraph works with today. */
async function addSends({ serde }: TupleReader, checkpoint: Checkpoint, writes: readonly StoredWrite[]): Promise<void> {
  const sent = writes.filter((write) => write.channel === TASKS)
  checkpoint.channel_values[TASKS] = await Promise.all(sent.map((write) => load(serde, write.value)))
  const versions = Object.values(checkpoint.channel_versions)
  checkpoint.channel_versions[TASKS] = versions.length > 0 ? maxChannelVersion(...versions) : 1
}
