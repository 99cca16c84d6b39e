/**
 * Checkpoints, values and writes as bytes, and back.
 *
 * A checkpoint is stored without its channels' values, and its versions apart from the rest, where the scripts can
 * read them: as `channel NUL version NUL`, each version as JSON. A value is stored once for each version of its channel.
 */
import type { Checkpoint } from "@langchain/langgraph-checkpoint"
import { frame, unframe } from "./frame.ts"
import { channelName } from "./place.ts"

export type Serialized = readonly [type: string, bytes: Uint8Array]

/** From this format on, what was sent to other nodes is stored in a channel; before, only as the parent's writes. */
export const sendsInChannelSince = 4

export interface CheckpointRecord {
  readonly parent: string | undefined
  readonly versions: Checkpoint["channel_versions"]
  /** Without values and versions. */
  readonly checkpoint: Serialized
  readonly metadata: Serialized
}

export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()

/** The name of a value: the versions of a checkpoint are such names, each closed by NUL. */
export const valueName = (channel: string, version: string | number): string =>
  `${channelName(channel)}\0${JSON.stringify(version)}`

export function encodeCheckpoint(format: Checkpoint["v"], record: CheckpointRecord): Buffer {
  const { parent = "", versions, checkpoint, metadata } = record
  const names = Object.entries(versions).map(([channel, version]) => `${valueName(channel, version)}\0`)
  const isOld = format < sendsInChannelSince ? "1" : ""
  return frame([parent, names.join(""), isOld, ...checkpoint, ...metadata])
}

type Seven = readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array]

export function decodeCheckpoint(record: Buffer): CheckpointRecord {
  const parts = unframe(record)
  if (parts.length !== 7) throw new Error(`the record has ${parts.length} parts and not 7`)
  const [parent, names, , type, checkpoint, metadataType, metadata] = parts as unknown as Seven
  return {
    parent: textOf(parent) || undefined,
    versions: decodeVersions(textOf(names)),
    checkpoint: [textOf(type), checkpoint],
    metadata: [textOf(metadataType), metadata],
  }
}

function decodeVersions(names: string): Checkpoint["channel_versions"] {
  const texts = names.split("\0")
  const channels = texts.filter((_, at) => at % 2 === 0 && at + 1 < texts.length)
  return Object.fromEntries(channels.map((channel, at) => [channel, JSON.parse(texts[at * 2 + 1] ?? "") as number]))
}

export const encodeValue = (value: Serialized): Buffer => frame(value)

export function decodeValue(record: Buffer): Serialized {
  const [type, bytes] = unframe(record)
  if (!type || !bytes) throw new Error("the record is cut off")
  return [textOf(type), bytes]
}

export const encodeWrite = (channel: string, value: Serialized): Buffer => frame([channel, ...value])

export function decodeWrite(record: Buffer): { channel: string; value: Serialized } {
  const [channel, type, bytes] = unframe(record)
  if (!channel || !type || !bytes) throw new Error("the record is cut off")
  return { channel: textOf(channel), value: [textOf(type), bytes] }
}
