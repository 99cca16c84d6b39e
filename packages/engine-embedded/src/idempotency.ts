/** Idempotency keys: what was sent before, and where it stands. (SPEC ACK3, ACK4) */
import type { AppendRequest, Repeated } from "@everthread/engine"
import { cursorOf, type Place } from "./head.ts"
import { hashOf, idempotencyKey, keyExpiries, keyExpiry } from "./keys.ts"
import { getJson, keysUnder, putJson, type Tables } from "./tables.ts"

export type Idempotency = NonNullable<AppendRequest["idempotency"]>

interface KeyRecord extends Place {
  readonly digest: string
  readonly ref?: string
  /** Wall time, because it has to mean something after a restart. */
  readonly expiresAt: number
}

/** Expired keys that one new key takes away: more than come in, so that the expired ones run out. */
const sweptPerKey = 4

type Repeat = ({ readonly status: "duplicate" } & Omit<Repeated, "digest">) | { readonly status: "key-reused" }

/** @returns what is known of the key, unless it has expired. */
export function findKey(tables: Tables, conversation: string, key: string, now: number): Repeated | undefined {
  const known = getJson<KeyRecord>(tables.records, idempotencyKey(conversation, hashOf(key)))
  if (!known || known.expiresAt <= now) return undefined
  const { digest, seq, ref } = known
  return { digest, cursor: cursorOf(known), seq, ...(ref === undefined ? {} : { ref }) }
}

/** @returns what to answer to a repeat, or `undefined` for a key that is new or has expired. */
export function findRepeat(
  tables: Tables,
  conversation: string,
  idempotency: Idempotency,
  now: number,
): Repeat | undefined {
  const known = findKey(tables, conversation, idempotency.key, now)
  if (!known) return undefined
  const { digest, ...first } = known
  return digest === idempotency.digest ? { status: "duplicate", ...first } : { status: "key-reused" }
}

/** Remembers that the key was used for what ends at `place`, and sweeps a few that have expired. */
export function keepKey(
  tables: Tables,
  conversation: string,
  idempotency: Idempotency,
  place: Place,
  now: number,
  keyTtlMs: number,
): void {
  const { key, digest, ref } = idempotency
  const hash = hashOf(key)
  const expiresAt = now + keyTtlMs
  const record: KeyRecord = { ...place, digest, ...(ref === undefined ? {} : { ref }), expiresAt }
  putJson(tables.records, idempotencyKey(conversation, hash), record)
  tables.records.put(keyExpiry(expiresAt, conversation, hash), "")
  sweep(tables, now)
}

function sweep(tables: Tables, now: number): void {
  for (const expiry of expired(tables, now)) {
    const [, expiresAt, conversation, hash] = expiry as [number, number, string, string]
    const key = idempotencyKey(conversation, hash)
    // The key may have been used anew since: then it has a later expiry of its own.
    if (getJson<KeyRecord>(tables.records, key)?.expiresAt === expiresAt) tables.records.remove(key)
    tables.records.remove(expiry)
  }
}

function expired(tables: Tables, now: number) {
  const found = []
  for (const expiry of keysUnder(tables.records, keyExpiries())) {
    if (Number(expiry[1]) > now || found.length === sweptPerKey) break
    found.push(expiry)
  }
  return found
}
