/**
 * One conversation on a socket that several devices share. The server knows one subscription for each connection, and
 * asking again starts it over for everybody: so it is asked once, and whoever comes later gets what is kept here.
 *
 *   asking ──ok──▶ catching-up ──upToDate──▶ live
 *      ▲──────── somebody is at a place that is not known here: a snapshot is needed ────────┘
 *
 * Every device that is `current` has got everything up to the log's head, in order. Such a one gets a snapshot that
 * somebody else needed only if it is not where the snapshot is.
 */
import type { Cursor, DownFrame, DownFrameOf, SnapshotReason } from "@everthread/protocol"
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

/** Where a device is that was answered: at the head, or at a cursor from which only a snapshot leads on. */
type Place = { readonly name: "current" } | { readonly name: "stranded"; readonly cursor: Cursor | undefined }

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
  /** Since the last question a snapshot is due, for whatever cursor. */
  #snapshotDue = false
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
    this.#snapshotDue = cursor === undefined
    this.#waiting.push(...askers)
    this.#options.ask(cursor)
  }

  /** Lets in whom we can bring to the head; for the others there has to be a snapshot. */
  #admit(askers: readonly Asker<D>[]): void {
    const needy = askers.filter((asker) => !this.#bringToHead(asker) && !this.#strand(asker))
    if (needy.length > 0) this.#ask(undefined, needy)
  }

  #bringToHead({ device, id, cursor }: Asker<D>): boolean {
    const { head } = this.#log
    const frames = this.#log.after(cursor)
    if (!frames) return false
    this.#places.set(device, { name: "current" })
    this.#answer(device, id)
    for (const frame of frames) device.receive(frame)
    if (this.#state === "live" && head !== undefined) this.#tellUpToDate(device, head)
    return true
  }

  #strand({ device, id, cursor }: Asker<D>): boolean {
    if (!this.#snapshotDue) return false
    this.#places.set(device, { name: "stranded", cursor })
    this.#answer(device, id)
    return true
  }

  #answer(device: D, id: number): void {
    device.receive({ type: "ok", id, result: { conversation: this.#options.conversation } })
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

  #onSnapshot(frame: DownFrameOf<"snapshot">): void {
    const { head } = this.#log
    this.#log.replace(frame)
    this.#snapshotDue = false
    for (const [device, place] of [...this.#places]) {
      this.#places.set(device, { name: "current" })
      if (place.name === "current" && head === frame.cursor && frame.reason === "fresh") continue
      device.receive({ ...frame, reason: reasonFor(place, frame.reason) })
    }
  }

  #onUpToDate(frame: DownFrameOf<"upToDate">): void {
    if (this.#state === "catching-up") this.#state = "live"
    this.#toCurrent(frame)
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

function reasonFor(place: Place, reason: SnapshotReason): SnapshotReason {
  if (place.name === "stranded" && place.cursor === undefined) return "fresh"
  return reason === "fresh" ? "trimmed" : reason
}
