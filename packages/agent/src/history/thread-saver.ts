/**
 * A checkpoint saver as the history needs it. LangGraph's savers fit; so does anything else that can do the same.
 *
 * What is stored was made by graphs that somebody else wrote, so every field is looked at before it is believed.
 */
import type { Fields } from "../translate/stream-event.ts"

export interface ThreadConfig {
  readonly configurable: { readonly [key: string]: unknown }
}

export interface StoredCheckpoint {
  readonly id: string
  readonly ts: string
  readonly channel_values: Fields
  readonly channel_versions: { readonly [channel: string]: string | number }
  readonly versions_seen: { readonly [node: string]: { readonly [channel: string]: string | number } }
}

export interface StoredTuple {
  readonly checkpoint: StoredCheckpoint
  readonly metadata?: object | undefined
  readonly parentConfig?: { readonly configurable?: { readonly [key: string]: unknown } | undefined } | undefined
}

export interface ThreadSaver {
  getTuple(config: ThreadConfig): Promise<StoredTuple | undefined>
  /** Newest first. */
  list(config: ThreadConfig, options: { limit?: number; before?: ThreadConfig }): AsyncIterable<StoredTuple>
  /**
   * Gives another thread what this one was when a checkpoint had just been put, whole or not at all.
   * @returns whether there was such a checkpoint. @throws if the other thread is there already.
   */
  copyThread(from: string, to: string, checkpoint: string): Promise<boolean>
}

/** @param id of a checkpoint; without one, the newest is meant. */
export function rootConfig(thread: string, id?: string): ThreadConfig {
  const named = id === undefined ? {} : { checkpoint_id: id }
  return { configurable: { thread_id: thread, checkpoint_ns: "", ...named } }
}
