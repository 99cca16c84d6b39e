/** What delta channels are made of: the writes of a checkpoint's ancestors upon the nearest value that is stored. */
import type { CheckpointPendingWrite, DeltaChannelHistory, SerializerProtocol } from "@langchain/langgraph-checkpoint"
import type { CallScript } from "./calls.ts"
import { limits } from "./limits.ts"
import { deltaHistoryScript } from "./lua/delta-history.ts"
import type { CheckpointPlace } from "./place.ts"
import { loadValue, loadWrites, type Reader } from "./reading.ts"
import { arrayOf, bytesOf, groupsOf, textIn } from "./reply.ts"

export interface HistoryRequest {
  readonly call: CallScript
  readonly serde: SerializerProtocol
  readonly keys: readonly string[]
  readonly place: CheckpointPlace
  /** `undefined`: the newest checkpoint. */
  readonly id: string | undefined
  readonly channels: readonly string[]
}

/** For each ancestor, newest first, what its tasks wrote; and the values that were found. */
interface Read {
  readonly blocks: CheckpointPendingWrite[][]
  readonly seeds: Map<string, unknown>
}

export async function readDeltaHistory(request: HistoryRequest): Promise<Record<string, DeltaChannelHistory>> {
  const { blocks, seeds } = await readAncestors(request)
  const writes = blocks.reverse().flat()
  const histories = request.channels.map((channel): [string, DeltaChannelHistory] => {
    const own = { writes: writes.filter((write) => write[1] === channel) }
    return [channel, seeds.has(channel) ? { ...own, seed: seeds.get(channel) } : own]
  })
  return Object.fromEntries(histories)
}

async function readAncestors({ call, serde, keys, place, id = "", channels }: HistoryRequest): Promise<Read> {
  const read: Read = { blocks: [], seeds: new Map() }
  const max = [limits.pageAncestorsMax, limits.pageBytesMax]
  for (let [at, from] = [id, "parent"]; ; from = "here") {
    const left = channels.filter((channel) => !read.seeds.has(channel))
    const [next, values, blocks] = await call(deltaHistoryScript, { keys, args: [place.ns, at, from, ...max, ...left] })
    await addPage(read, { serde, place, id: at }, arrayOf(values), arrayOf(blocks))
    at = textIn(next)
    if (at === "") return read
  }
}

async function addPage(read: Read, reader: Reader, values: readonly unknown[], blocks: readonly unknown[]) {
  for (const block of blocks) read.blocks.push(await loadWrites(reader, block))
  for (const [channel, record] of groupsOf(2, values)) {
    read.seeds.set(textIn(channel), await loadValue(reader, textIn(channel), bytesOf(record)))
  }
}
