/**
 * One real socket for the devices of several tabs, in the tab that has it.
 *
 * Each device still is a whole client: it says its hello, has its own request ids, cursors and outbox, and comes back by
 * itself. The hub translates the ids, shares the subscriptions (`shared-conversation.ts`), and passes on everything else
 * as it is. What goes wrong with the socket is told to every device as what went wrong with its own; the first one that
 * comes back opens the next socket, so there is nothing here that tries again. But whether the socket still lives is for
 * the hub to find out: a device that gives up would only come back to the same one.
 *
 * Between server and hub text goes on in lean frames; a device that came later would not understand them, so here they
 * are written out. (SPEC FRM5)
 */
import { type Clock, type Cursor, type DownFrame, type DownFrameOf, LeanReader, type Timer } from "@everthread/protocol"
import { decodeFrame, type SubscriptionFrame } from "../frames.ts"
import { Heartbeat } from "../heartbeat.ts"
import { clientLimits } from "../limits.ts"
import type { ClientSocket, SocketFactory } from "../socket.ts"
import { SharedConversation, type SharedDevice } from "./shared-conversation.ts"

/** The other end of a device's connection. */
export interface DeviceEnd {
  received(text: string): void
  closed(code: number, reason: string): void
}

/**
 * A device that takes part: what it sends comes in by its methods. Its other end may be told of the answer before `send`
 * returns, so whoever calls it must be ready for that.
 */
export interface HubDevice {
  send(text: string): void
  leave(): void
}

type State =
  | { readonly name: "idle" }
  | { readonly name: "greeting"; readonly socket: ClientSocket; readonly deadline: Timer }
  | { readonly name: "open"; readonly socket: ClientSocket; readonly welcome: DownFrame; readonly heartbeat: Heartbeat }

type Answer = DownFrameOf<"ok"> | DownFrameOf<"error">

/** What a device sends, read as far as it matters here. */
type Up = { readonly type: string; readonly id?: number; readonly conversation?: string; readonly cursor?: Cursor }

export interface SocketHubOptions {
  readonly url: string
  readonly socket: SocketFactory
  readonly clock: Clock
}

export class SocketHub {
  readonly #options: SocketHubOptions
  readonly #devices = new Set<Device>()
  readonly #conversations = new Map<string, SharedConversation<Device>>()
  /** Who waits for the answer to which request, by the id that the server knows. */
  readonly #asked = new Map<number, (answer: Answer) => void>()
  /** Each frame is written once, whoever gets it. */
  #texts = new WeakMap<DownFrame, string>()
  #state: State = { name: "idle" }
  #lastId = 0

  constructor(options: SocketHubOptions) {
    this.#options = options
  }

  /** Takes a device in that has said hello. */
  join(end: DeviceEnd, hello: string): HubDevice {
    const device = new Device(end, (frame) => this.#textOf(frame))
    this.#devices.add(device)
    if (this.#state.name === "idle") this.#dial(hello)
    else if (this.#state.name === "open") device.receive(this.#state.welcome)
    return {
      send: (text) => this.#fromDevice(device, text),
      leave: () => this.#leave(device),
    }
  }

  /** Lets everybody go: they may come back elsewhere. */
  close(reason: string): void {
    this.#lost(1006, reason)
  }

  #dial(hello: string): void {
    try {
      const socket = this.#openSocket(hello)
      const giveUp = () => this.#lost(1006, "the server did not answer in time")
      const deadline = this.#options.clock.startTimer(clientLimits.connectDeadlineMs, giveUp)
      this.#state = { name: "greeting", socket, deadline }
    } catch (error) {
      // There may be no sockets here at all. Whoever has just come in has to be told behind its back, as of any loss.
      queueMicrotask(() => this.#lost(1006, error instanceof Error ? error.message : String(error)))
    }
  }

  #openSocket(hello: string): ClientSocket {
    const isCurrent = () => this.#state.name !== "idle" && this.#state.socket === socket
    const reader = new LeanReader()
    const socket: ClientSocket = this.#options.socket(this.#options.url, {
      opened: () => {
        if (isCurrent()) socket.send(hello)
      },
      received: (text) => {
        if (isCurrent()) this.#fromServer(text, reader)
      },
      closed: (code, reason) => {
        if (isCurrent()) this.#lost(code, reason)
      },
    })
    return socket
  }

  #hangUp(): void {
    const state = this.#state
    this.#state = { name: "idle" }
    this.#conversations.clear()
    this.#asked.clear()
    if (state.name === "greeting") this.#options.clock.stopTimer(state.deadline)
    if (state.name === "open") state.heartbeat.stop()
    if (state.name !== "idle") state.socket.close()
  }

  #lost(code: number, reason: string): void {
    const devices = [...this.#devices]
    this.#devices.clear()
    this.#hangUp()
    for (const device of devices) device.closed(code, reason)
  }

  #leave(device: Device): void {
    device.left()
    this.#devices.delete(device)
    for (const [id, conversation] of [...this.#conversations]) this.#leaveConversation(device, id, conversation)
    if (this.#devices.size === 0) this.#hangUp()
  }

  #leaveConversation(device: Device, id: string, conversation: SharedConversation<Device>): void {
    conversation.leave(device)
    if (!conversation.isEmpty) return
    this.#conversations.delete(id)
    this.#ask({ type: "unsubscribe", conversation: id }, () => {})
  }

  #fromDevice(device: Device, text: string): void {
    if (this.#state.name !== "open" || !this.#devices.has(device)) return
    const frame = JSON.parse(text) as Up
    const { type, id, conversation } = frame
    if (id === undefined || conversation === undefined) this.#pass(device, frame)
    else if (type === "subscribe") this.#subscribe(device, id, conversation, frame.cursor)
    else if (type === "unsubscribe") this.#unsubscribe(device, id, conversation)
    else this.#pass(device, frame)
  }

  #pass(device: Device, frame: Up): void {
    const { id } = frame
    if (id === undefined) this.#send(frame)
    else this.#ask(frame, (answer) => device.receive({ ...answer, id }))
  }

  #subscribe(device: Device, id: number, name: string, cursor: Cursor | undefined): void {
    const known = this.#conversations.get(name)
    const conversation = known ?? this.#newConversation(name)
    if (!known) this.#conversations.set(name, conversation)
    conversation.join({ device, id, cursor })
  }

  #newConversation(name: string): SharedConversation<Device> {
    const conversation = new SharedConversation<Device>({
      conversation: name,
      ask: (cursor) => {
        const from = cursor === undefined ? {} : { cursor }
        this.#ask({ type: "subscribe", conversation: name, ...from }, (answer) => {
          if (answer.type === "ok") conversation.answered()
          else conversation.refused(answer.error)
        })
      },
    })
    return conversation
  }

  #unsubscribe(device: Device, id: number, name: string): void {
    const conversation = this.#conversations.get(name)
    if (conversation) this.#leaveConversation(device, name, conversation)
    device.receive({ type: "ok", id, result: { conversation: name } })
  }

  #ask(frame: Up, answered: (answer: Answer) => void): void {
    const id = ++this.#lastId
    this.#asked.set(id, answered)
    this.#send({ ...frame, id })
  }

  #send(frame: Up): void {
    if (this.#state.name === "open") this.#state.socket.send(JSON.stringify(frame))
  }

  #fromServer(text: string, reader: LeanReader): void {
    if (this.#state.name === "open") this.#state.heartbeat.heard()
    const frame = decodeFrame(text, reader)
    if (!frame) return
    // A lean frame is the only one that is an array.
    if (!text.startsWith("[")) this.#texts.set(frame, text)
    this.#dispatch(frame)
  }

  #dispatch(frame: DownFrame): void {
    if (frame.type === "welcome") this.#welcomed(frame)
    else if (frame.type === "ok" || frame.type === "error") this.#onAnswer(frame)
    else if (frame.type === "membership") this.#toAll(frame)
    else if (isOfSubscription(frame)) this.#conversations.get(frame.conversation)?.received(frame)
    else for (const device of this.#conversations.get(frame.conversation)?.devices ?? []) device.receive(frame)
  }

  #welcomed(welcome: DownFrameOf<"welcome">): void {
    if (this.#state.name !== "greeting") return
    const { clock } = this.#options
    clock.stopTimer(this.#state.deadline)
    const heartbeat = new Heartbeat({
      clock,
      heartbeatMs: welcome.heartbeatMs,
      probe: () => this.#ask({ type: "ping" }, () => {}),
      dead: () => this.#lost(1006, "the server fell silent"),
    })
    this.#state = { name: "open", socket: this.#state.socket, welcome, heartbeat }
    this.#toAll(welcome)
  }

  #onAnswer(answer: Answer): void {
    // An error that answers no request says why the server is about to close.
    if (answer.id === undefined) return this.#toAll(answer)
    const answered = this.#asked.get(answer.id)
    this.#asked.delete(answer.id)
    answered?.(answer)
  }

  #toAll(frame: DownFrame): void {
    for (const device of [...this.#devices]) device.receive(frame)
  }

  #textOf(frame: DownFrame): string {
    const text = this.#texts.get(frame) ?? JSON.stringify(frame)
    this.#texts.set(frame, text)
    return text
  }
}

class Device implements SharedDevice {
  readonly #textOf: (frame: DownFrame) => string
  #end: DeviceEnd | undefined

  constructor(end: DeviceEnd, textOf: (frame: DownFrame) => string) {
    this.#end = end
    this.#textOf = textOf
  }

  receive(frame: DownFrame): void {
    this.#end?.received(this.#textOf(frame))
  }

  closed(code: number, reason: string): void {
    const end = this.#end
    this.#end = undefined
    end?.closed(code, reason)
  }

  /** Whatever is still said of it is said to nobody. */
  left(): void {
    this.#end = undefined
  }
}

const ofSubscription = new Set<string>(["events", "snapshot", "upToDate", "unsubscribed"])

function isOfSubscription(frame: DownFrame): frame is SubscriptionFrame {
  return ofSubscription.has(frame.type)
}
