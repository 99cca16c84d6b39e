/**
 * One conversation on a socket that several devices share. The server knows one subscription for each connection, and
 * asking again starts it over for everybody: so it is asked once, and whoever comes later gets what is kept here.
 *
 *   asking ──ok──▶ catching-up ──upToDate──▶ live
 *      ▲──── somebody is at a place that is not known here, and nor is the state: ask from the beginning ────┘
 *
 * Every device that is `current` has got everything up to the log's head, in order. One that is `stranded` is at a place
 * that we have not met: when everything is here, and its place was not on the way, it gets a snapshot of ours.
 */
import type { Cursor, DownFrame, DownFrameOf } from "@everthread/protocol"
import type { ReceivedError, SubscriptionFrame } from "../frames.ts"
import { SharedLog } from "./shared-log.ts"

/** A device that shares the socket. */
export interface SharedDevice {
  receive(frame: DownFrame): void
}

/** A device that has asked to follow from its cursor, and waits for the answer to its request. */
export interface Asker<D extends SharedDevice> {
  readonly device: D
  readonly id: number
  readonly cursor: Cursor | undefined
}

/** Where a device is that was answered. */
type Place = { readonly name: "current" } | { readonly name: "stranded"; readonly cursor: Cursor | undefined }

const current: Place = { name: "current" }

type State = "idle" | "asking" | "catching-up" | "live"

export interface SharedConversationOptions {
  readonly conversation: string
  /** Asks the server, on the one connection that there is; `answered` and `refused` come back here. */
  ask(cursor: Cursor | undefined): void
}

export class SharedConversation<D extends SharedDevice> {
  readonly #options: SharedConversationOptions
  readonly #places = new Map<D, Place>()
  #log = new SharedLog(undefined)
  #state: State = "idle"
  /** The question that is under way is for everything from the beginning on. */
  #isFresh = false
  #waiting: Asker<D>[] = []

  constructor(options: SharedConversationOptions) {
    this.#options = options
  }

  get devices(): Iterable<D> {
    return [...this.#places.keys()]
  }

  get isEmpty(): boolean {
    return this.#places.size === 0 && this.#waiting.length === 0
  }

  join(asker: Asker<D>): void {
    this.leave(asker.device)
    if (this.#state === "idle") this.#begin(asker)
    else if (this.#state === "asking") this.#waiting.push(asker)
    else this.#admit([asker])
  }

  leave(device: D): void {
    this.#places.delete(device)
    this.#waiting = this.#waiting.filter((asker) => asker.device !== device)
  }

  /** The server has said yes: what comes now is of the last question. */
  answered(): void {
    this.#state = "catching-up"
    if (this.#isFresh) this.#startOver()
    this.#admit(this.#waiting.splice(0))
  }

  /** The server has said no: whoever asked hears just that, and whoever followed that it is over. */
  refused(error: ReceivedError): void {
    this.#state = "idle"
    for (const { device, id } of this.#waiting.splice(0)) device.receive({ type: "error", id, error })
    this.#end({ type: "unsubscribed", conversation: this.#options.conversation, error })
  }

  received(frame: SubscriptionFrame): void {
    this.#handlers[frame.type](frame as never)
  }

  readonly #handlers: { readonly [T in SubscriptionFrame["type"]]: (frame: DownFrameOf<T>) => void } = {
    events: (frame) => this.#onEvents(frame),
    snapshot: (frame) => this.#onSnapshot(frame),
    upToDate: (frame) => this.#onUpToDate(frame),
    unsubscribed: (frame) => this.#end(frame),
  }

  #begin(asker: Asker<D>): void {
    this.#log = new SharedLog(asker.cursor)
    this.#ask(asker.cursor, [asker])
  }

  #ask(cursor: Cursor | undefined, askers: readonly Asker<D>[]): void {
    this.#state = "asking"
    this.#isFresh = cursor === undefined
    this.#waiting.push(...askers)
    this.#options.ask(cursor)
  }

  /** Whoever is here is where the log was; whether it comes by there again is to be seen. */
  #startOver(): void {
    const cursor = this.#log.head
    for (const [device, { name }] of [...this.#places]) {
      if (name === "current") this.#places.set(device, { name: "stranded", cursor })
    }
    this.#log = new SharedLog(undefined)
  }

  /** Lets in whom we can bring to the head, now or later; for the others the server has to begin at the beginning. */
  #admit(askers: readonly Asker<D>[]): void {
    const needy = askers.filter(({ device, id, cursor }) => {
      const isKnown = this.#log.framesAfter(cursor) !== undefined || this.#log.hasState
      if (isKnown) this.#letIn(device, id, cursor)
      return !isKnown
    })
    if (needy.length > 0) this.#ask(undefined, needy)
  }

  #letIn(device: D, id: number, cursor: Cursor | undefined): void {
    this.#places.set(device, { name: "stranded", cursor })
    device.receive({ type: "ok", id, result: { conversation: this.#options.conversation } })
    this.#bringToHead(device, cursor)
    const isThere = this.#places.get(device)?.name === "current"
    if (isThere && this.#state === "live") this.#tellUpToDate(device, this.#log.head)
  }

  /** By the frames that it lacks; when everything is here, by a snapshot if need be. */
  #bringToHead(device: D, cursor: Cursor | undefined): void {
    const frames = this.#log.framesAfter(cursor)
    if (!frames && this.#state !== "live") return
    this.#places.set(device, current)
    if (frames) for (const frame of frames) device.receive(frame)
    else this.#sendSnapshot(device, cursor)
  }

  #sendSnapshot(device: D, cursor: Cursor | undefined): void {
    const state = this.#log.stateAtHead()
    const { conversation } = this.#options
    // Whether an unknown cursor is too old or of another history nobody here can tell: "trimmed" promises neither.
    const reason = cursor === undefined ? "fresh" : "trimmed"
    if (state) device.receive({ type: "snapshot", conversation, reason, cursor: this.#log.head, state })
  }

  #tellUpToDate(device: D, cursor: Cursor): void {
    device.receive({ type: "upToDate", conversation: this.#options.conversation, cursor })
  }

  #onEvents(frame: DownFrameOf<"events">): void {
    const taken = this.#log.append(frame)
    if (taken === "follows") this.#toCurrent(frame)
    // What does not connect while we are asking is of an older question.
    if (taken === "gap" && this.#state !== "asking") this.#onGap(frame)
  }

  /** The devices see the gap themselves, and ask again as patiently as they always do: the first one of them for all. */
  #onGap(frame: DownFrameOf<"events">): void {
    const devices = this.devices
    this.#forget()
    for (const device of devices) device.receive(frame)
  }

  /** One that begins the log tells nothing to those who are stranded; any other reason is one for everybody. */
  #onSnapshot(frame: DownFrameOf<"snapshot">): void {
    this.#log.replace(frame)
    for (const [device, { name }] of [...this.#places]) {
      if (name === "stranded" && frame.reason === "fresh") continue
      this.#places.set(device, current)
      device.receive(frame)
    }
  }

  #onUpToDate(frame: DownFrameOf<"upToDate">): void {
    // Of an older question, while we are asking.
    if (this.#state === "catching-up") this.#settle()
    this.#toCurrent(frame)
  }

  #settle(): void {
    this.#state = "live"
    for (const [device, place] of [...this.#places]) {
      if (place.name === "stranded") this.#bringToHead(device, place.cursor)
    }
  }

  #toCurrent(frame: DownFrame): void {
    for (const [device, { name }] of [...this.#places]) if (name === "current") device.receive(frame)
  }

  #end(frame: DownFrameOf<"unsubscribed">): void {
    const devices = this.devices
    // A question that is under way has its own answer.
    if (this.#state === "asking") this.#places.clear()
    else this.#forget()
    for (const device of devices) device.receive(frame)
  }

  #forget(): void {
    this.#places.clear()
    this.#state = "idle"
  }
}
