/** Deserializing the parts of a checkpoint; an error says which part of which checkpoint it is. */
import type { CheckpointPendingWrite, SerializerProtocol } from "@langchain/langgraph-checkpoint"
import { UnreadableCheckpointError } from "./errors.ts"
import type { CheckpointPlace } from "./place.ts"
import { decodeValue, decodeWrite, type Serialized } from "./records.ts"
import { arrayOf, bytesOf, groupsOf, textIn } from "./reply.ts"

export interface Reader {
  readonly serde: SerializerProtocol
  readonly place: CheckpointPlace
  readonly id: string
}

export async function readPart<T>({ place, id }: Reader, part: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new UnreadableCheckpointError(place, id, part, cause)
  }
}

export const load = (serde: SerializerProtocol, [type, bytes]: Serialized) => serde.loadsTyped(type, bytes)

export const loadValue = (reader: Reader, channel: string, record: Buffer): Promise<unknown> =>
  readPart(reader, `The value of channel ${JSON.stringify(channel)}`, () => load(reader.serde, decodeValue(record)))

/** @param flat `[name, write, …]` as the scripts give it. @returns them in the order of tasks and of each task's writes. */
export function loadWrites(reader: Reader, flat: unknown): Promise<CheckpointPendingWrite[]> {
  const writes = groupsOf(2, arrayOf(flat)).map(([name, record]) => {
    const [task = "", index] = textIn(name).split("\0")
    return { task, index: Number(index), record: bytesOf(record) }
  })
  writes.sort((a, b) => (a.task < b.task ? -1 : a.task > b.task ? 1 : a.index - b.index))
  return Promise.all(writes.map(({ task, record }) => loadWrite(reader, task, record)))
}

const loadWrite = (reader: Reader, task: string, record: Buffer): Promise<CheckpointPendingWrite> =>
  readPart(reader, `A write of task ${JSON.stringify(task)}`, async () => {
    const { channel, value } = decodeWrite(record)
    return [task, channel, await load(reader.serde, value)]
  })
