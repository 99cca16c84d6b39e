/** The people of a case: devices of several users in several conversations, all of them writing at the same time. */
import { setTimeout as pause } from "node:timers/promises"
import { type Random, systemRandom } from "@everthread/protocol"
import type { WatchedConversation } from "@everthread/sim"
import { agentName, until } from "@everthread/stage"
import { Device, type Place } from "./device.ts"

export interface CrowdSize {
  readonly devices: number
  readonly conversations: number
}

export type Busy = (
  device: Device,
  conversation: string,
  watched: WatchedConversation,
  goesOn: () => boolean,
) => Promise<void>

/** Two devices of the first user, then one of each other. */
const users = ["ada", "ada", "bob", "cyd", "dan", "eve", "bob", "fay", "gil", "cyd"]
/** How long somebody thinks between two messages, in milliseconds. */
const thinksMs = { least: 30, most: 130 }
/** Who sees so many of their messages waiting writes no more for now: a slow disk must not have a case never end. */
const unsettledMax = 15
/** Every so many messages of one device are for the agent. */
const asksEvery = 18

export class Crowd {
  readonly devices: readonly Device[]
  readonly conversations: readonly string[]
  readonly #random: Random
  #writing: Promise<unknown> = Promise.resolve()
  #isWriting = false

  private constructor(devices: readonly Device[], conversations: readonly string[], random: Random) {
    this.devices = devices
    this.conversations = conversations
    this.#random = random
  }

  /** Resolves when everybody follows every conversation, live. */
  static async gather(size: CrowdSize, place: Place, random: Random): Promise<Crowd> {
    const names = Array.from({ length: size.devices }, (_, index) => users[index % users.length] as string)
    const devices = names.map((user, index) => new Device(user, `device-${index + 1}`, place))
    // Not by the seed: cases of one seed share a store.
    const conversations = Array.from({ length: size.conversations }, () => `talk-${systemRandom.id(8)}`)
    const [first] = devices
    for (const conversation of conversations) await first?.client.create({ conversation, members: [...new Set(names)] })
    const crowd = new Crowd(devices, conversations, random)
    for (const device of devices) for (const conversation of conversations) device.follow(conversation)
    await until("everybody to be live", async () => crowd.watched.every(({ awaits }) => awaits === undefined))
    return crowd
  }

  get watched(): readonly WatchedConversation[] {
    return this.devices.flatMap(({ watched }) => [...watched.values()])
  }

  get names(): readonly string[] {
    return this.devices.map(({ name }) => name)
  }

  get acknowledged(): number {
    return this.watched.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  }

  /** Attempts that came after one of this node's, as far as anybody here was told. */
  takeovers(node: string): number {
    return Math.max(...this.watched.map((watched) => watched.takeovers(node)))
  }

  /** @param busy what each device does in each conversation for as long as it is told that it goes on. */
  startWriting(busy: Busy = (...place) => this.#write(...place)): void {
    this.#isWriting = true
    const goesOn = () => this.#isWriting
    const writers = this.devices.flatMap((device) =>
      [...device.watched].map(([id, watched]) => busy(device, id, watched, goesOn)),
    )
    this.#writing = Promise.all(writers)
  }

  /** The first device has one more thing to say in each of these, unless it still waits to say something there. */
  hurry(conversations: readonly string[]): void {
    const [first] = this.devices
    for (const conversation of conversations) {
      const watched = first?.follow(conversation)
      if (watched?.unsettled === 0) watched.write(`${conversation} ${first?.name} more ${watched.written}`)
    }
  }

  async stopWriting(): Promise<void> {
    this.#isWriting = false
    await this.#writing
  }

  close(): void {
    for (const device of this.devices) device.close()
  }

  async #write(
    device: Device,
    conversation: string,
    watched: WatchedConversation,
    goesOn: () => boolean,
  ): Promise<void> {
    const isAsking = device === this.devices[0]
    for (let number = 1; goesOn(); number++) {
      const agent = isAsking && number % asksEvery === 1 ? agentName : undefined
      if (watched.unsettled < unsettledMax)
        watched.write(`${conversation} ${device.name} ${number}`, agent === undefined ? {} : { agent })
      await pause(thinksMs.least + this.#random.fraction() * (thinksMs.most - thinksMs.least))
    }
  }
}
