/** One conversation whose agent is on its journey, as the device sees it that follows it. */
import { fileURLToPath } from "node:url"
import { isDeepStrictEqual } from "node:util"
import type { Device } from "@everthread/chaos"
import { isOpen, type Run, textOf } from "@everthread/protocol"
import type { WatchedConversation } from "@everthread/sim"
import { saidAt } from "./journey-script.mjs"
import type { Row } from "./matrix-rows.ts"
import type { Watcher } from "./watcher.ts"

export const journeyAgent = "journey"
export const journeyFile = fileURLToPath(new URL("journey.mjs", import.meta.url))

export class Journey {
  readonly row: Row
  readonly conversation: string
  readonly #watched: WatchedConversation
  readonly #watcher: Watcher
  /** How often its owner was killed, and in which attempt the last time. */
  #struck = { times: 0, attempt: 0 }
  #answer: Promise<unknown> | undefined

  private constructor(row: Row, conversation: string, watched: WatchedConversation, watcher: Watcher) {
    this.row = row
    this.conversation = conversation
    this.#watched = watched
    this.#watcher = watcher
  }

  /** Resolves when the agent has been asked. @param id its name in the store, besides what its row says. */
  static async begin(row: Row, id: string, device: Device, watcher: Watcher): Promise<Journey> {
    const conversation = `${row.pays}-${id}`
    watcher.hold(conversation, { place: row.place, times: row.kills })
    await device.client.create({ conversation, agent: journeyAgent })
    const watched = device.follow(conversation)
    watched.write(`${conversation} tell me`, { agent: journeyAgent })
    return new Journey(row, conversation, watched, watcher)
  }

  get run(): Run | undefined {
    return this.#watched.conversation.snapshot().state.runs[0]
  }

  /** The node that has worked on it last. */
  get node(): string | undefined {
    return this.#watched.attempts.at(-1)?.node
  }

  get hasEnded(): boolean {
    return this.run !== undefined && !isOpen(this.run)
  }

  /** Whether its agent is where it is to be killed, and everything that it said on the way was seen. */
  get isReady(): boolean {
    const { run } = this
    if (!run || run.attempt <= this.#struck.attempt || this.#struck.times >= this.row.kills) return false
    const isThere = this.row.place === "waiting" ? run.status === "waiting" : this.#watcher.isHeld(this.conversation)
    return isThere && isDeepStrictEqual(this.said, saidAt(this.row.place))
  }

  /** What there is of the answer, message by message. */
  get said(): readonly string[] {
    const { messages } = this.#watched.conversation.snapshot().state
    return messages.filter(({ role }) => role === "assistant").map(textOf)
  }

  /** What a failure says of it. */
  get shown(): string {
    const { status, attempt } = this.run ?? {}
    return `${this.conversation} (${this.row.place}): ${status} ${attempt} on ${this.node}, ${JSON.stringify(this.said.at(-1))}`
  }

  /** Its owner was killed. */
  strike(): void {
    this.#struck = { times: this.#struck.times + 1, attempt: this.run?.attempt ?? 0 }
  }

  /** Answers what it asks, unless it is to die while it waits. What did not arrive is answered again. */
  answer(): void {
    const { conversation } = this.#watched
    const open = conversation.snapshot().state.interrupts.find(({ answer }) => !answer)
    if (!open || this.#answer || (this.row.place === "waiting" && this.#struck.times < this.row.kills)) return
    this.#answer = conversation.respond(open.id, "yes").catch(() => {
      this.#answer = undefined
    })
  }
}
