/** What the saver throws by itself. What the client or the server says is passed on as it is. */
import type { CheckpointPlace } from "./place.ts"

/**
 * - `fence`: somebody else owns the thread by now.
 * - `parent`: the writer does not continue the thread where it ends; another one wrote, or the store lost something.
 */
export type FencedReason = "fence" | "parent"

const explanations: Readonly<Record<FencedReason, string>> = {
  fence: "somebody else owns it by now",
  parent: "what this writer builds on is not where the thread ends",
}

/** The refusal of a write that carried a fence: nothing was stored, and its writer must write nothing more. */
export class FencedError extends Error {
  override readonly name = "FencedError"
  readonly threadId: string
  readonly reason: FencedReason

  constructor(threadId: string, reason: FencedReason) {
    super(`A write to thread ${JSON.stringify(threadId)} was refused: ${explanations[reason]}.`)
    this.threadId = threadId
    this.reason = reason
  }
}

/** A reply that belongs to another request, or is none of our scripts': it was not used. */
export class ReplyMismatchError extends Error {
  override readonly name = "ReplyMismatchError"
}

/** What is stored cannot be read back. The checkpoint is left as it is. */
export class UnreadableCheckpointError extends Error {
  override readonly name = "UnreadableCheckpointError"

  constructor({ thread, ns }: CheckpointPlace, id: string, part: string, cause: unknown) {
    const where = `checkpoint ${JSON.stringify(id)} of thread ${JSON.stringify(thread)}${ns && `, namespace ${JSON.stringify(ns)}`}`
    super(`${part} of ${where} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** A value that is larger than the saver takes. Nothing was stored. */
export class ValueTooLargeError extends Error {
  override readonly name = "ValueTooLargeError"

  constructor(thread: string, part: string, bytes: number, bytesMax: number) {
    super(`${part} of thread ${JSON.stringify(thread)} has ${bytes} bytes, and valueBytesMax is ${bytesMax}.`)
  }
}
