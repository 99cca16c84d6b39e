/**
 * A device that says everything several times: over several connections to several nodes at once, in another order on each, whether
 * it was acknowledged or not. It follows the conversations as any device does, so the laws hold for what it wrote and what it is
 * shown. It promises no order among its messages; they are noted in the one that they were given. (SPEC ACK3)
 */
import { type Clock, type DownFrame, type Random, systemClock } from "@everthread/protocol"
import { anyOf, type DeviceHistory, nameOf, type Sent, shuffled } from "@everthread/sim"
import type { Deployment, Guest } from "../../deployment/deployment.ts"
import { Device } from "../../people/device.ts"
import { placesOf, urlsOf } from "./places.ts"
import { RawConnection, type SendFrame } from "./raw-connection.ts"

interface Said {
  readonly frame: SendFrame
  /** The first one. */
  ack: Sent["ack"]
  /** In the history as it is now, at `seq`. */
  isHeard: boolean
  seq: number
  times: number
}

/** Connections at a time. */
const mouths = 3
/** How long it waits for acknowledgements before it says something again. */
const patienceMs = 2_000

/** What it has to know of where it is. */
export interface StuttererStage extends Pick<Deployment, "toNode"> {
  readonly crowd: Pick<Deployment["crowd"], "conversations">
}

export class Stutterer implements Guest {
  readonly #device: Device
  readonly #urls: readonly string[]
  readonly #random: Random
  readonly #said: Said[] = []
  readonly #clock: Clock
  readonly #token: { readonly token?: string }
  #connections: readonly RawConnection[] = []
  #repeatedMs = 0
  /** The last code with which anything was refused: for whoever wonders why it waits. */
  #refusal: string | undefined
  /** How often each conversation had started over when it was last looked at: then everything is said again. */
  readonly #resets = new Map<string, number>()

  /** @param token where the nodes want one. */
  constructor(user: string, stage: StuttererStage, random: Random, clock: Clock = systemClock, token?: string) {
    this.#token = token === undefined ? {} : { token }
    this.#clock = clock
    this.#random = random
    this.#urls = urlsOf(stage)
    this.#device = new Device(user, `stutterer-${random.id(6)}`, placesOf(stage, random), token)
    for (const conversation of stage.crowd.conversations) this.#device.follow(conversation)
  }

  get name(): string {
    return this.#device.name
  }

  /** So many new messages, and every one of them two or three times. */
  say(conversation: string, messages: number): void {
    const before = this.#said.length
    for (let count = 0; count < messages; count++) this.#said.push(this.#newMessage(conversation))
    this.#repeat(this.#said.slice(before))
  }

  awaits(conversation: string): string | undefined {
    const watched = this.#device.follow(conversation)
    const { awaits, resets } = watched
    if (awaits) return awaits
    const said = this.#in(conversation)
    // What a store that went back has lost, before this device was told of it: another connection had the acknowledgement.
    for (const one of said) one.isHeard &&= watched.mayHold(one.seq, one.frame.text)
    const isBehind = (this.#resets.get(conversation) ?? 0) < resets
    this.#resets.set(conversation, resets)
    const unheard = said.filter(({ isHeard }) => !isHeard)
    for (const one of isBehind ? said : []) one.isHeard = false
    if (unheard.length === 0 && !isBehind) return undefined
    if (this.#clock.monotonic() - this.#repeatedMs > patienceMs) this.#repeat(unheard)
    return `${unheard.length} acknowledgements${this.#refusal === undefined ? "" : `, refused with ${this.#refusal}`}`
  }

  cursorIn(conversation: string): string | undefined {
    return this.#device.follow(conversation).conversation.snapshot().cursor
  }

  presentIn(conversation: string): readonly string[] {
    return this.#device.follow(conversation).conversation.snapshot().present.map(nameOf)
  }

  async historyIn(conversation: string): Promise<DeviceHistory> {
    const { user, device, tap } = this.#device
    const history = await this.#device.follow(conversation).history(tap)
    const sent = this.#in(conversation).map(({ frame, ack, times }) => ({
      text: frame.text,
      key: frame.key,
      ack,
      times,
    }))
    return { user, device, ...history, sent: sent.sort((one, other) => (one.ack?.seq ?? 0) - (other.ack?.seq ?? 0)) }
  }

  /** Whoever comes again says everything again that nobody has acknowledged. */
  hangUp(): void {
    for (const connection of this.#connections) connection.close()
    this.#connections = []
  }

  close(): void {
    this.hangUp()
    this.#device.close()
  }

  #in(conversation: string): readonly Said[] {
    return this.#said.filter(({ frame }) => frame.conversation === conversation)
  }

  #newMessage(conversation: string): Said {
    const id = this.#said.length + 1
    const key = `${this.name}-${id}`
    const frame: SendFrame = { type: "send", id, key, conversation, text: `${conversation} ${key}` }
    return { frame, ack: undefined, isHeard: false, seq: 0, times: 0 }
  }

  /** Each on at least two of the connections; on each in another order. */
  #repeat(messages: readonly Said[]): void {
    this.hangUp()
    this.#repeatedMs = this.#clock.monotonic()
    this.#connections = Array.from({ length: mouths }, () => this.#dial())
    for (const [index, connection] of this.#connections.entries()) {
      for (const said of shuffled(this.#random, messages)) {
        if (index === 0 && this.#random.fraction() < 0.5) continue
        said.times += 1
        connection.send(said.frame)
      }
    }
  }

  #dial(): RawConnection {
    const { user, device } = this.#device
    const url = anyOf(this.#random, this.#urls) ?? ""
    return new RawConnection(url, { user, device, ...this.#token }, { received: (frame) => this.#received(frame) })
  }

  #received(frame: DownFrame): void {
    if (frame.type === "error") this.#refusal = frame.error.code
    if (frame.type !== "ok") return
    const said = this.#said[frame.id - 1]
    const { cursor, seq } = frame.result as NonNullable<Sent["ack"]>
    if (!said) return
    said.ack ??= { cursor, seq }
    said.seq = seq
    said.isHeard = true
  }
}
