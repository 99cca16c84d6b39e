/**
 * Bounds what a graph keeps: no value of its state may be larger, serialized, than a limit that has a name.
 *
 * Without it a list that only grows makes each superstep slower than the one before, until the store or the process
 * ends. The checkpoint before the one that is refused stays.
 */
import type { BaseCheckpointSaver } from "@langchain/langgraph"

type Serializer = BaseCheckpointSaver["serde"]

/** What an operator knows the limit by. */
const limitName = "langgraph.checkpoint_bytes_max"

/** The graph's state has grown beyond the limit. */
export class CheckpointTooLargeError extends Error {
  override readonly name = "CheckpointTooLargeError"
}

function boundedSerializer(serde: Serializer, bytesMax: number): Serializer {
  return {
    async dumpsTyped(value) {
      const [type, bytes] = await serde.dumpsTyped(value)
      if (bytes.byteLength <= bytesMax) return [type, bytes]
      throw new CheckpointTooLargeError(
        `a value of its state has ${bytes.byteLength} bytes, and may have ${bytesMax} (${limitName})`,
      )
    },
    loadsTyped: (type, data) => serde.loadsTyped(type, data),
  }
}

/** From now on the saver takes no larger value. @returns the same saver. */
export function withBoundedValues<S extends BaseCheckpointSaver>(saver: S, bytesMax: number): S {
  saver.serde = boundedSerializer(saver.serde, bytesMax)
  return saver
}
