/**
 * What stock clients call people's messages. The log holds a client's own id in the message's idempotency key, behind the mark of
 * the client's protocol.
 *
 * Everybody who speaks that protocol is told the id, so that the client knows its message again. Ids of the log come first, so
 * nobody's message can take the place of another.
 */
import type { ChatMessage } from "./types.ts"

export class ClientIds {
  readonly #mark: string
  readonly #mayBe: (clientId: string) => boolean

  /** @param mayBe whether a client may call its message so. */
  constructor(mark: string, mayBe: (clientId: string) => boolean = () => true) {
    this.#mark = mark
    this.#mayBe = mayBe
  }

  /** @returns the idempotency key of a message that its client calls by this id. */
  keyOf(clientId: string): string {
    return `${this.#mark}${clientId}`
  }

  /** @returns what the client calls the message with this key; nothing where the key was not made of such an id. */
  idOf(key: string | undefined): string | undefined {
    if (!key?.startsWith(this.#mark)) return undefined
    const clientId = key.slice(this.#mark.length)
    return this.#mayBe(clientId) ? clientId : undefined
  }

  /**
   * @param others ids that clients are told beside those of the messages.
   * @returns by the ids of the log those that clients know messages by, where they differ.
   */
  in(messages: readonly ChatMessage[], others: readonly string[] = []): ReadonlyMap<string, string> {
    const ids = new Map<string, string>()
    const taken = new Set([...messages.map(({ id }) => id), ...others])
    for (const { id, key } of messages) {
      const clientId = this.idOf(key)
      if (clientId === undefined || taken.has(clientId)) continue
      taken.add(clientId)
      ids.set(id, clientId)
    }
    return ids
  }
}
