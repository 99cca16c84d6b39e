/**
 * The people of an attack: users and conversations of its own, all named by one prefix, so that nobody is harmed who did not come
 * with it and everything that it leaves can be found. They write no faster than a cluster lets people write that was told nothing.
 */
import { setTimeout as pause } from "node:timers/promises"
import { RequestError } from "@everthread/client"
import type { Random } from "@everthread/protocol"
import { streamOf, type WatchedConversation } from "@everthread/sim"
import type { Device } from "../people/device.ts"
import type { Recorder } from "../record/recorder.ts"

/** A user's messages on all devices in all conversations: below the sixty a minute that a cluster allows by default. */
const thinksMs = { least: 1_200, most: 1_900 }
const unsettledMax = 15
const liveEveryMs = 20

export class Party {
  readonly devices: readonly Device[]
  readonly conversations: readonly string[]
  #isBusy = false
  #writing: Promise<unknown> = Promise.resolve()

  constructor(devices: readonly Device[], conversations: readonly string[]) {
    this.devices = devices
    this.conversations = conversations
  }

  /** Resolves when everybody follows every conversation. @throws Error of the server that refuses it. */
  async gather(members: readonly string[], signal: AbortSignal): Promise<void> {
    const [first] = this.devices
    for (const conversation of this.conversations) await created(first, conversation, members)
    for (const device of this.devices) for (const conversation of this.conversations) device.follow(conversation)
    while (!signal.aborted && this.watched.some(({ awaits }) => awaits !== undefined)) await pause(liveEveryMs)
  }

  get watched(): readonly WatchedConversation[] {
    return this.devices.flatMap(({ watched }) => [...watched.values()])
  }

  startWriting(recorder: Recorder, seed: number): void {
    this.#isBusy = true
    this.#writing = Promise.all(
      this.devices.map((device) => this.#write(device, recorder, streamOf(seed, device.device))),
    )
  }

  async stopWriting(): Promise<void> {
    this.#isBusy = false
    await this.#writing
  }

  async #write(device: Device, recorder: Recorder, random: Random): Promise<void> {
    const sharing = this.devices.filter(({ user }) => user === device.user).length
    for (let number = 1; this.#isBusy; number++) {
      const conversation = this.conversations[Math.floor(random.fraction() * this.conversations.length)]
      if (conversation !== undefined) write(device, conversation, number, recorder)
      await pause(sharing * (thinksMs.least + random.fraction() * (thinksMs.most - thinksMs.least)))
    }
  }
}

async function created(device: Device | undefined, conversation: string, members: readonly string[]): Promise<void> {
  try {
    await device?.client.create({ conversation, members })
  } catch (error) {
    // The answer of the first try may have been lost.
    if (!(error instanceof RequestError) || error.error.code !== "already_exists") throw error
  }
}

function write(device: Device, conversation: string, number: number, recorder: Recorder): void {
  const watched = device.follow(conversation)
  if (watched.unsettled >= unsettledMax) return
  const { name, node } = device
  const asked = { device: name, conversation, kind: "send" } as const
  const settle = recorder.asked(node === undefined ? asked : { ...asked, node })
  void watched.say(`${conversation} ${name} ${number}`).then(({ ack, refused }) => {
    if (ack !== undefined) settle({ outcome: "ok" })
    else settle(refused === undefined ? { outcome: "unknown" } : { outcome: "refused", code: refused })
  })
}
