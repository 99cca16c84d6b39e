/**
 * Every key there is, and where it lives. Nothing outside this package builds one.
 *
 * A conversation belongs to one of a fixed number of partitions, whose name is the hash tag of all its keys: so
 * a script may touch them together on a cluster, and subscriptions are bounded. docs/redis.md lists each key's
 * type, size and lifetime.
 */
import { hash } from "node:crypto"
import { crc16 } from "./crc16.ts"

/** Changing it moves every conversation to another key: it is part of the data's format. */
export const partitionCount = 256

export const everyPartition: readonly number[] = Array.from({ length: partitionCount }, (_, partition) => partition)

const slotCount = 16_384

export interface Keys {
  readonly partitionOf: (id: string) => number
  readonly log: (conversation: string) => string
  readonly meta: (conversation: string) => string
  readonly idempotency: (conversation: string) => string
  readonly snapshot: (conversation: string) => string
  readonly archive: (conversation: string) => string
  readonly present: (conversation: string) => string
  /** A user's conversations in one partition. */
  readonly memberships: (partition: number, user: string) => string
  /** The conversations of a partition, for whoever goes through all there are. */
  readonly conversations: (partition: number) => string
  readonly openRuns: (partition: number) => string
  readonly owners: (partition: number) => string
  /** What the tools of one run have done. */
  readonly effects: (conversation: string, run: string) => string
  /** The channel that tells of a partition's appends. */
  readonly channel: (partition: number) => string
  readonly beat: (node: string) => string
  /** What workers say of themselves, and the agents that are known. */
  readonly announced: string
  readonly agents: string
  readonly beatPartition: number
  readonly session: (user: string, device: string) => string
  /** Anything else that belongs to one id: limits, probes. */
  readonly other: (partition: number, kind: string, id: string) => string
  /** What stands before every key, for whoever reads them. */
  readonly prefix: string
}

/** @param prefix sets several deployments in one Redis apart. */
export function keysWith(prefix: string): Keys {
  const tags = everyPartition.map((partition) => `${prefix}:${tagOf(partition)}`)
  const at = (partition: number, kind: string, id: string) => `${tags[partition]}:${kind}:${id}`
  const of = (kind: string) => (conversation: string) => at(partitionOf(conversation), kind, conversation)
  return {
    prefix,
    partitionOf,
    log: of("l"),
    meta: of("m"),
    idempotency: of("k"),
    snapshot: of("s"),
    archive: of("a"),
    present: of("p"),
    memberships: (partition, user) => at(partition, "u", user),
    conversations: (partition) => `${tags[partition]}:n`,
    openRuns: (partition) => `${tags[partition]}:r`,
    owners: (partition) => `${tags[partition]}:o`,
    effects: (conversation, run) => at(partitionOf(conversation), "f", JSON.stringify([conversation, run])),
    channel: (partition) => `${tags[partition]}`,
    beat: (node) => at(0, "b", node),
    announced: `${tags[0]}:w`,
    agents: `${tags[0]}:g`,
    beatPartition: 0,
    session: (user, device) => at(partitionOf(user), "d", JSON.stringify([user, device])),
    other: at,
  }
}

/** The hash tag of a partition: `{p017}`. */
const tagOf = (partition: number): string => `{p${String(partition).padStart(3, "0")}}`

/** FNV-1a over UTF-16 units: fast, spread well enough, and the same on every node. */
export function partitionOf(id: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
  return ((hash >>> 16) ^ hash) & (partitionCount - 1)
}

/** The slot of a cluster in which each partition lies. */
export const slotOfPartition: readonly number[] = everyPartition.map(
  (partition) => crc16(tagOf(partition).slice(1, -1)) % slotCount,
)

/** What stands for an idempotency key among the conversation's keys: short, and the same length whatever clients send. */
export const fieldOfKey = (key: string): string => hash("sha256", key, "base64url").slice(0, 16)
