/**
 * How safe an append is when it is acknowledged. docs/redis.md says what each level can lose.
 *
 * - `memory`: Redis has it in memory.
 * - `everysec`: the operating system has it, and the disk within about a second.
 * - `fsync`: the disk has it.
 * - `replicated`: so many replicas have it in memory, and the master's disk as it is configured.
 */
export type Durability = "memory" | "everysec" | "fsync" | "replicated"

/** What a server is compared with. */
export interface Demand {
  readonly durability: Durability
  /** With `replicated`: how many replicas have to have what is acknowledged. */
  readonly replicas: number
}
