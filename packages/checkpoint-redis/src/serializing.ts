/** Serializing what is to be stored; what is too large is refused before anything is sent. */
import type { SerializerProtocol } from "@langchain/langgraph-checkpoint"
import { ValueTooLargeError } from "./errors.ts"
import type { Serialized } from "./records.ts"

export interface Writer {
  readonly serde: SerializerProtocol
  readonly thread: string
  readonly valueBytesMax: number
}

/** @param part what it is, for the error: `The value of channel "messages"`. */
export async function dump(
  { serde, thread, valueBytesMax }: Writer,
  part: string,
  value: unknown,
): Promise<Serialized> {
  const [type, bytes] = await serde.dumpsTyped(value)
  if (bytes.length > valueBytesMax) throw new ValueTooLargeError(thread, part, bytes.length, valueBytesMax)
  return [type, bytes]
}
