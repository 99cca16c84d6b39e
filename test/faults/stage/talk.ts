/** A conversation in which one thing is asked, and what its device is shown of the answer. */

import type { Device } from "@everthread/chaos"
import { isOpen, type Run, systemRandom, textOf } from "@everthread/protocol"
import type { WatchedConversation } from "@everthread/sim"
import { until } from "@everthread/stage"

export class Talk {
  readonly id: string
  readonly watched: WatchedConversation
  readonly #agent: string

  private constructor(id: string, watched: WatchedConversation, agent: string) {
    this.id = id
    this.watched = watched
    this.#agent = agent
  }

  static async begin(device: Device, agent: string): Promise<Talk> {
    const id = `talk-${systemRandom.id(8)}`
    await device.client.create({ conversation: id, agent })
    return new Talk(id, device.follow(id), agent)
  }

  ask(): void {
    this.watched.write(`${this.id} go on`, { agent: this.#agent })
  }

  get run(): Run | undefined {
    return this.watched.conversation.snapshot().state.runs[0]
  }

  /** Nodes of the attempts, in their order. */
  get attempts(): readonly string[] {
    return this.watched.attempts.map(({ node }) => node)
  }

  get said(): readonly string[] {
    const { messages } = this.watched.conversation.snapshot().state
    return messages.filter(({ role }) => role === "assistant").map(textOf)
  }

  async ended(): Promise<Run> {
    return until(`${this.id} to end`, async () => (this.run && !isOpen(this.run) ? this.run : undefined))
  }
}
