/**
 * What somebody changes of what was said, chosen from what their device shows: edits what they wrote, takes it back, reacts
 * to what anybody wrote, takes a reaction back; and now and then tries to edit what somebody else wrote, which has to be refused.
 *
 * No device asks for the very same change twice, so that each can be found in the log. What was said to an agent is not
 * edited or taken back: what it answers is judged by what it was asked.
 */
import type { ChatMessage, Random } from "@everthread/protocol"
import { oneOf, type WhatChanged } from "@everthread/sim"

/** Of so many of the newest messages: older ones may have left the reach of changes by the time that one is stored. */
const newest = 20
const reactions = ["👍", "🎉", "🤔"] as const
/** How often somebody does this, and otherwise the next; in the end, edits. */
const shares = { react: 0.4, takeReactionBack: 0.25, takeBack: 0.25, editAnothers: 0.1 }

export class Changes {
  readonly #user: string
  readonly #random: Random
  /** Reactions that were given here, by their names; `false`: taken back since. */
  readonly #given = new Map<string, boolean>()
  readonly #takenBack = new Set<string>()

  constructor(user: string, random: Random) {
    this.#user = user
    this.#random = random
  }

  /** @param text what an edit makes of a message: no other edit makes the same of any. */
  next(messages: readonly ChatMessage[], text: string): WhatChanged | undefined {
    const people = messages.slice(-newest).filter(({ role, redacted }) => role === "user" && !redacted)
    const own = people.filter(({ by, agent }) => by?.user === this.#user && agent === undefined)
    const others = people.filter(({ by }) => by?.user !== this.#user)
    if (this.#isTime(shares.react)) return this.#reaction(people)
    if (this.#isTime(shares.takeReactionBack)) return this.#takeReactionBack(people)
    if (this.#isTime(shares.takeBack)) return this.#takeBack(own)
    return this.#edit(this.#isTime(shares.editAnothers) ? others : own, text)
  }

  #isTime(share: number): boolean {
    return this.#random.fraction() < share
  }

  #reaction(messages: readonly ChatMessage[]): WhatChanged | undefined {
    const reaction = oneOf(this.#random, reactions)
    const message = this.#oneOf(messages.filter(({ id }) => !this.#given.has(nameOf(id, reaction))))
    if (!message) return undefined
    this.#given.set(nameOf(message.id, reaction), true)
    return { type: "reaction", message: message.id, reaction, on: true }
  }

  #takeReactionBack(messages: readonly ChatMessage[]): WhatChanged | undefined {
    const standing = messages.flatMap(({ id }) =>
      reactions.filter((reaction) => this.#given.get(nameOf(id, reaction))).map((reaction) => ({ id, reaction })),
    )
    const one = this.#oneOf(standing)
    if (!one) return undefined
    this.#given.set(nameOf(one.id, one.reaction), false)
    return { type: "reaction", message: one.id, reaction: one.reaction, on: false }
  }

  #takeBack(own: readonly ChatMessage[]): WhatChanged | undefined {
    const message = this.#oneOf(own.filter(({ id }) => !this.#takenBack.has(id)))
    if (!message) return undefined
    this.#takenBack.add(message.id)
    return { type: "redaction", message: message.id }
  }

  #edit(messages: readonly ChatMessage[], text: string): WhatChanged | undefined {
    const message = this.#oneOf(messages)
    return message && { type: "edit", message: message.id, text }
  }

  #oneOf<T>(these: readonly T[]): T | undefined {
    return these[Math.floor(this.#random.fraction() * these.length)]
  }
}

const nameOf = (message: string, reaction: string): string => `${message} ${reaction}`
