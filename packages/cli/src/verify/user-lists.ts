/**
 * The conversations of users, as the directory lists them, read once for many conversations.
 *
 * Bounded: the users that were asked for last are kept; of one that comes back later the list is read again.
 */
import type { EngineReader } from "@everthread/engine"

export interface UserList {
  readonly conversations: ReadonlySet<string>
  /** It was read for this very question: the others have it from before. */
  readonly isFresh: boolean
}

const usersMax = 512

export class UserLists {
  readonly #reader: EngineReader
  readonly #lists = new Map<string, ReadonlySet<string>>()

  constructor(reader: EngineReader) {
    this.#reader = reader
  }

  async of(user: string): Promise<UserList> {
    const kept = this.#lists.get(user)
    if (kept) return { conversations: kept, isFresh: false }
    const conversations = new Set(await this.#reader.directory.conversations(user))
    this.#lists.set(user, conversations)
    const [oldest] = this.#lists.keys()
    if (this.#lists.size > usersMax && oldest !== undefined) this.#lists.delete(oldest)
    return { conversations, isFresh: true }
  }
}
