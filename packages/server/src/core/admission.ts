/**
 * Whether a user belongs to a conversation that is replayed to them: the store is asked once, and not before each page.
 *
 * That is enough, because a removal after its answer is an entry behind the cursor, where what is delivered ends. It is not
 * enough for what is no entry: the store is asked again behind every snapshot that is read. Nor is it where the answer may be
 * of another history than the node's: it is forgotten with the feed. And a removal that this node hears of has the store asked
 * again, so that nobody who is caught up slowly is told for long what was said before they were removed. (SPEC CON5)
 *
 * Who has come to their own removal and is a member has come back, or the store has lost it: then what this node still has
 * behind it is of no log, and the feed has to find that out before anything else is delivered. (SPEC LIN3)
 */
import type { Engine } from "@everthread/engine"
import type { Feed } from "./feed.ts"

export interface AdmissionOptions {
  readonly conversation: string
  readonly user: string
  readonly engine: Engine
}

export class Admission {
  readonly #options: AdmissionOptions
  /** The store has said yes, when the feed had told of so many removals. */
  #yes: { readonly feed: Feed; readonly removals: number } | undefined
  /** Their removal was delivered to them, and the store was not asked since. */
  #wasRemoved = false

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  forget(): void {
    this.#yes = undefined
  }

  /** They were told that they are no member any more. */
  removed(): void {
    this.#yes = undefined
    this.#wasRemoved = true
  }

  /** @returns whether the user is a member, as far as the entries that follow do not say otherwise. */
  async holds(feed: Feed): Promise<boolean> {
    return (this.#yes?.feed === feed && this.#yes.removals === feed.removals) || this.ask(feed)
  }

  /**
   * Asks the store.
   * @param feed `undefined` where there is none yet: then nobody would hear of a removal, and the answer is good only once.
   */
  async ask(feed: Feed | undefined): Promise<boolean> {
    const { conversation, user, engine } = this.#options
    // Counted before it is asked: what is told meanwhile may be of after the answer.
    const removals = feed?.removals ?? 0
    const role = await engine.directory.role(conversation, user)
    // After the answer: before it, the store could go back in between.
    if (role && this.#wasRemoved) await feed?.check()
    this.#wasRemoved = false
    this.#yes = role && feed && { feed, removals }
    return role !== undefined
  }
}
