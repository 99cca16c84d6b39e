/** What the writing scripts are told of a checkpoint and of a task's writes, after who writes and where. */
import {
  type ChannelVersions,
  type Checkpoint,
  type CheckpointMetadata,
  copyCheckpoint,
  isDeltaSnapshot,
  type PendingWrite,
  WRITES_IDX_MAP,
} from "@langchain/langgraph-checkpoint"
import type { Argument } from "./calls.ts"
import { channelName, mustBeName } from "./place.ts"
import { encodeCheckpoint, encodeValue, encodeWrite, valueName } from "./records.ts"
import { dump, type Writer } from "./serializing.ts"

export interface NewCheckpoint {
  readonly checkpoint: Checkpoint
  readonly metadata: CheckpointMetadata
  /** Of the channels that changed: their values are stored. */
  readonly newVersions: ChannelVersions
  readonly parent: string | undefined
}

/** @returns id, parent, delta channels, changed channels without a value, record, and each changed value with its name. */
export async function checkpointArguments(writer: Writer, put: NewCheckpoint): Promise<Argument[]> {
  const { checkpoint, metadata, newVersions } = put
  const { channel_values: values, channel_versions: versions, ...rest } = copyCheckpoint(checkpoint)
  const changed = Object.entries(newVersions).filter(([channel]) => values[channel] !== undefined)
  const stored = await Promise.all(
    changed.map(async ([channel, version]): Promise<Argument[]> => {
      const value = await dump(writer, `The value of channel ${JSON.stringify(channel)}`, values[channel])
      return [valueName(channel, version), encodeValue(value)]
    }),
  )
  const record = encodeCheckpoint(checkpoint.v, {
    parent: put.parent,
    versions,
    checkpoint: await dump(writer, "The checkpoint", { ...rest, channel_values: {} }),
    metadata: await dump(writer, "The metadata", metadata),
  })
  const deltas = channelList(deltaChannelsOf(metadata, values))
  const bare = channelList(Object.keys(newVersions).filter((channel) => values[channel] === undefined))
  const id = mustBeName("The id of a checkpoint", checkpoint.id)
  return [id, put.parent ?? "", deltas, bare, record, ...stored.flat()]
}

const channelList = (channels: readonly string[]): string =>
  channels.map((channel) => `${channelName(channel)}\0`).join("")

/** Channels whose values are kept as writes upon the nearest snapshot: LangGraph counts since when, or stores one now. */
function deltaChannelsOf(metadata: CheckpointMetadata, values: Checkpoint["channel_values"]): string[] {
  const counted = Object.keys(metadata.counters_since_delta_snapshot ?? {})
  const snapshots = Object.keys(values).filter((channel) => isDeltaSnapshot(values[channel]))
  return [...new Set([...counted, ...snapshots])]
}

/** @returns the task, and index, channel and value of each of its writes. */
export async function writeArguments(
  writer: Writer,
  writes: readonly PendingWrite[],
  task: string,
): Promise<Argument[]> {
  const stored = await Promise.all(
    writes.map(async ([channel, value], position): Promise<Argument[]> => {
      const dumped = await dump(writer, `A write to channel ${JSON.stringify(channel)}`, value)
      return [WRITES_IDX_MAP[channel] ?? position, channelName(channel), encodeWrite(channel, dumped)]
    }),
  )
  return [mustBeName("The id of a task", task), ...stored.flat()]
}
