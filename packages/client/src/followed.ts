/** The conversations that a client follows: each hears what is its own, and all of them what becomes of the connection. */
import { Conversation } from "./conversation.ts"
import { ConversationModel, type ModelOptions } from "./conversation-model.ts"
import type { ConversationFrame } from "./frames.ts"

interface Pair {
  readonly conversation: Conversation
  readonly model: ConversationModel
}

export interface FollowedOptions extends Omit<ModelOptions, "conversation"> {
  sendTyping(conversation: string, on: boolean): void
}

export class Followed {
  readonly #options: FollowedOptions
  readonly #pairs = new Map<string, Pair>()

  constructor(options: FollowedOptions) {
    this.#options = options
  }

  get(id: string): Conversation | undefined {
    return this.#pairs.get(id)?.conversation
  }

  /** The same id gives the same object until that is closed. */
  follow(id: string): Conversation {
    return (this.#pairs.get(id) ?? this.#begin(id)).conversation
  }

  /** Follows it again, if the server had said no. */
  reopen(id: string): void {
    this.#pairs.get(id)?.model.reopen()
  }

  received(frame: ConversationFrame): void {
    this.#pairs.get(frame.conversation)?.model.received(frame)
  }

  /** Something of this one has changed that its log does not hold. */
  changed(id: string): void {
    this.#pairs.get(id)?.model.changed()
  }

  allChanged(): void {
    for (const { model } of this.#pairs.values()) model.changed()
  }

  opened(): void {
    for (const { model } of this.#pairs.values()) model.opened()
  }

  lost(): void {
    for (const { conversation } of this.#pairs.values()) conversation.lost()
  }

  close(): void {
    for (const { model } of this.#pairs.values()) model.close()
  }

  #begin(id: string): Pair {
    const { clock, outbox, requests, connection, sendTyping } = this.#options
    const model = new ConversationModel({ ...this.#options, conversation: id })
    const conversation = new Conversation({
      id,
      clock,
      model,
      outbox,
      requests,
      sendTyping: (on) => sendTyping(id, on),
      closed: () => this.#pairs.delete(id),
    })
    const pair = { conversation, model }
    this.#pairs.set(id, pair)
    if (connection().name === "open") model.opened()
    return pair
  }
}
