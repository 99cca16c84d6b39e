/**
 * Which conversations the components and adapters of a page follow, counted: the first one begins, the last one ends.
 *
 * The end comes a little later. StrictMode mounts everything twice, and a page that is left for another one often
 * shows the same conversation there: neither is a reason to ask the server again. What the program itself
 * had followed before any component did is its own to close.
 */
import type { Clock, Timer } from "@everthread/protocol"
import type { Client } from "./client.ts"
import type { Conversation } from "./conversation.ts"
import { clientLimits } from "./limits.ts"

interface Followed {
  readonly conversation: Conversation
  readonly isOurs: boolean
  count: number
  /** Runs while nobody follows it any more. */
  ending: Timer | undefined
}

export class Followers {
  readonly #client: Client
  readonly #clock: Clock
  readonly #followed = new Map<string, Followed>()

  constructor(client: Client) {
    this.#client = client
    this.#clock = client.clock
  }

  /** Calls `listener` after each change. @returns stops it. */
  follow(id: string, listener: () => void): () => void {
    const followed = this.#retain(id)
    const stop = followed.conversation.subscribe(listener)
    return () => {
      stop()
      this.#release(id, followed)
    }
  }

  #retain(id: string): Followed {
    const followed = this.#current(id) ?? this.#begin(id)
    followed.count += 1
    if (followed.ending) this.#clock.stopTimer(followed.ending)
    followed.ending = undefined
    return followed
  }

  /** What we hold, unless the program has closed it under us. */
  #current(id: string): Followed | undefined {
    const followed = this.#followed.get(id)
    return followed?.conversation === this.#client.followed(id) ? followed : undefined
  }

  #begin(id: string): Followed {
    const isOurs = this.#client.followed(id) === undefined
    const followed = { conversation: this.#client.conversation(id), isOurs, count: 0, ending: undefined }
    this.#followed.set(id, followed)
    return followed
  }

  #release(id: string, followed: Followed): void {
    followed.count -= 1
    if (followed.count > 0) return
    followed.ending = this.#clock.startTimer(clientLimits.followGraceMs, () => this.#end(id, followed))
  }

  #end(id: string, followed: Followed): void {
    if (this.#followed.get(id) === followed) this.#followed.delete(id)
    if (followed.isOurs) followed.conversation.close()
  }
}

const ofClient = new WeakMap<Client, Followers>()

/** @returns those of a client: the same ones wherever in the page they are asked for. */
export function followersOf(client: Client): Followers {
  const known = ofClient.get(client)
  if (known) return known
  const followers = new Followers(client)
  ofClient.set(client, followers)
  return followers
}
