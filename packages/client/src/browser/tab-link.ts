/**
 * A device's connection to the hub in another tab, over a channel of its own: both ends of it.
 *
 * Messages are counted, and one that is missing ends the link: a frame that is lost in the middle could not be seen
 * afterwards, and a connection that ends can always be gone on from. What is on its way to a tab is bounded: a tab that
 * is frozen reads nothing, and its messages would wait in this one's memory. (SPEC DLV3)
 */
import { clientLimits } from "../limits.ts"
import type { DeviceEnd } from "./socket-hub.ts"
import type { TabChannel } from "./tab-channel.ts"

/** What one end says to the other; `n` counts from 1, each way. */
type Message =
  /** Of the hub, first of all: which tab it is in. */
  | { readonly n: number; readonly name: "joined"; readonly leader: string }
  | { readonly n: number; readonly name: "frame"; readonly text: string }
  | { readonly n: number; readonly name: "closed"; readonly code: number; readonly reason: string }
  /** Of the device: so many characters have been read since it last said so. */
  | { readonly n: number; readonly name: "read"; readonly chars: number }

type MessageOf<N extends Message["name"]> = Extract<Message, { name: N }>
type Body = { [N in Message["name"]]: Omit<MessageOf<N>, "n"> }[Message["name"]]

/** The protocol's code for a peer that did not read. */
const tooSlow = 4408
/** The network's own code for a connection that broke. */
const broken = 1006

abstract class LinkEnd {
  readonly #channel: TabChannel
  #sent = 0
  #received = 0
  #isEnded = false

  constructor(channel: TabChannel) {
    this.#channel = channel
    channel.onmessage = ({ data }: { data: unknown }) => this.#hear(data as Message)
  }

  /** Nothing is said or heard any more. */
  end(): void {
    this.#isEnded = true
    this.#channel.close()
  }

  protected abstract handle(message: Message): void
  /** A message is missing. */
  protected abstract broke(): void

  protected post(body: Body): void {
    this.#sent += 1
    if (!this.#isEnded) this.#channel.postMessage({ ...body, n: this.#sent })
  }

  #hear(message: Message): void {
    if (this.#isEnded) return
    this.#received += 1
    if (message.n === this.#received) this.handle(message)
    else this.broke()
  }
}

export interface DeviceLinkHandlers extends DeviceEnd {
  /** The hub has answered. */
  joined(leader: string): void
}

/** The device's end. */
export class DeviceLink extends LinkEnd {
  readonly #handlers: DeviceLinkHandlers
  #read = 0

  constructor(channel: TabChannel, handlers: DeviceLinkHandlers) {
    super(channel)
    this.#handlers = handlers
  }

  send(text: string): void {
    this.post({ name: "frame", text })
  }

  protected override handle(message: Message): void {
    if (message.name === "joined") this.#handlers.joined(message.leader)
    else if (message.name === "closed") this.#handlers.closed(message.code, message.reason)
    else if (message.name === "frame") this.#onFrame(message.text)
  }

  protected override broke(): void {
    this.#handlers.closed(broken, "a message between two tabs was lost")
  }

  #onFrame(text: string): void {
    this.#read += text.length
    if (this.#read >= clientLimits.sharedReadChars) {
      this.post({ name: "read", chars: this.#read })
      this.#read = 0
    }
    this.#handlers.received(text)
  }
}

export interface HubLinkHandlers {
  received(text: string): void
  /** The device is let go, or its link is broken. */
  ended(): void
}

/** The hub's end. */
export class HubLink extends LinkEnd implements DeviceEnd {
  readonly #handlers: HubLinkHandlers
  #unread = 0

  constructor(channel: TabChannel, leader: string, handlers: HubLinkHandlers) {
    super(channel)
    this.#handlers = handlers
    this.post({ name: "joined", leader })
  }

  received(text: string): void {
    if (this.#unread > clientLimits.sharedWindowChars) {
      this.closed(tooSlow, "the tab did not read")
      return
    }
    this.#unread += text.length
    this.post({ name: "frame", text })
  }

  closed(code: number, reason: string): void {
    this.post({ name: "closed", code, reason })
    this.#handlers.ended()
  }

  protected override handle(message: Message): void {
    if (message.name === "frame") this.#handlers.received(message.text)
    else if (message.name === "read") this.#unread -= message.chars
  }

  protected override broke(): void {
    this.closed(broken, "a message between two tabs was lost")
  }
}
