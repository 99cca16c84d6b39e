/** What somebody on one device changes of what was said in one conversation, and what becomes of it. */
import { type Conversation, RequestError } from "@everthread/client"
import type { Stored } from "@everthread/protocol"
import type { Change, WhatChanged } from "./change.ts"
import type { WireTap } from "./wire-tap.ts"

interface Changing {
  readonly what: WhatChanged
  ack: Change["ack"]
  refused: string | undefined
}

export class WatchedChanges {
  readonly #conversation: Conversation
  readonly #all: Changing[] = []
  /** Those that wait for their acknowledgement. */
  unsettled = 0

  constructor(conversation: Conversation) {
    this.#conversation = conversation
  }

  async make(what: WhatChanged): Promise<Pick<Change, "ack" | "refused">> {
    const changing: Changing = { what, ack: undefined, refused: undefined }
    this.#all.push(changing)
    this.unsettled += 1
    try {
      const { cursor, seq } = await this.#ask(what)
      changing.ack = { cursor, seq }
    } catch (error) {
      // Only the server's own word is one that it is not stored.
      if (error instanceof RequestError) changing.refused = error.error.code
    }
    this.unsettled -= 1
    return changing
  }

  /** In the order in which they were made. */
  told(tap: WireTap): Change[] {
    return this.#all.map((changing) => {
      const refusedLater = changing.ack && tap.refusalOf(changing.what)
      return { ...changing, ...(refusedLater === undefined ? {} : { refusedLater }) }
    })
  }

  #ask(what: WhatChanged): Promise<Stored> {
    if (what.type === "edit") return this.#conversation.edit(what.message, what.text)
    if (what.type === "redaction") return this.#conversation.redact(what.message)
    return this.#conversation.react(what.message, what.reaction, what.on)
  }
}
