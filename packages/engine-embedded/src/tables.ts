/**
 * The tables of the environment, as everything above them sees it.
 *
 * Whatever is read inside one synchronous call comes from one snapshot; whatever is written inside a
 * change of the group commit is in one transaction, and reads there see it.
 */
import type { Database } from "lmdb"
import type { StoreKey } from "./keys.ts"

export interface Tables {
  /** Text: the log and all facts around it. */
  readonly records: Database<string, StoreKey>
  /** Bytes: LangGraph's checkpoints and pending writes. */
  readonly checkpoints: Database<Buffer, StoreKey>
}

const startsWith = (key: StoreKey, prefix: StoreKey) => prefix.every((part, index) => key[index] === part)

/** Every record whose key begins with `prefix`, in the order of the keys. To be read to its end in one turn. */
export function* under<V>(table: Database<V, StoreKey>, prefix: StoreKey): Generator<{ key: StoreKey; value: V }> {
  for (const record of table.getRange({ start: prefix })) {
    if (!startsWith(record.key, prefix)) return
    yield record
  }
}

/** Sorts behind every text that an id can be. */
export const lastText = "\u{10FFFF}"

/** @returns the record with the greatest key under `prefix` whose next part is a text. */
export function lastUnder<V>(table: Database<V, StoreKey>, prefix: StoreKey): { key: StoreKey; value: V } | undefined {
  const [last] = table.getRange({ start: [...prefix, lastText], end: prefix, reverse: true, limit: 1 })
  return last && startsWith(last.key, prefix) ? last : undefined
}

/** The keys alone: their values are not read. */
export function* keysUnder<V>(table: Database<V, StoreKey>, prefix: StoreKey): Generator<StoreKey> {
  for (const key of table.getKeys({ start: prefix })) {
    if (!startsWith(key, prefix)) return
    yield key
  }
}

/** @returns the record of JSON text at `key`, or `undefined`. */
export function getJson<T>(table: Database<string, StoreKey>, key: StoreKey): T | undefined {
  const text = table.get(key)
  return text === undefined ? undefined : (JSON.parse(text) as T)
}

export function putJson<T>(table: Database<string, StoreKey>, key: StoreKey, record: T): void {
  table.put(key, JSON.stringify(record))
}
