/**
 * What one connection is told of its thread: the run that is shown, from its beginning, then everything new.
 *
 *   idle ──(first subscription)──▶ replaying ──(up to date)──▶ live ──(another subscription)──▶ replaying
 *
 * A stock client remembers ids of events and no place in a log: each of its subscriptions, and each reconnect, is shown the
 * run anew, and it leaves out what it has. So a replay has to give every event the id that it had live. Where the log
 * does not reach back to the run's beginning, it is said anew out of the snapshot, and what goes on from there gets ids of
 * its own, so that nothing of it is taken for known. (SPEC LGR2, LGR3)
 *
 * It follows the thread through its outlet and owns no transport.
 */
import {
  type ConversationState,
  type Cursor,
  type Seq,
  type SnapshotReason,
  seqOf,
  startCursor,
} from "@everthread/protocol"
import {
  endOf,
  lifecycle,
  type PlacedEvent,
  positionOf,
  replacedValues,
  runSoFar,
  type StreamEvent,
  seqAt,
  shownFrom,
  values,
} from "@everthread/protocol/langgraph"
import type { LogFrame } from "../../../core/log-frame.ts"
import { encoderFor, eventsOfFrame, type Framing, joinedBytes } from "./encode.ts"
import { type Filter, wants } from "./filter.ts"

export interface StreamOutlet {
  readonly framing: Framing
  send(bytes: Uint8Array): void
  /** Follows the thread from a cursor, with the state before each frame, instead of what it followed so far. */
  follow(cursor: Cursor | undefined): void
  unfollow(): void
}

/** A subscription of the client, and how far it has been told. */
interface Wanted {
  readonly filter: Filter
  position: number
  isNew: boolean
}

export class EventStream {
  readonly #outlet: StreamOutlet
  readonly #wanted = new Map<string, Wanted>()
  #isLive = false
  /** The first entry that a replay shows. */
  #from: Seq = 0
  /** Whether the replay has tried the log's very beginning. */
  #triedStart = false
  /** What the connection was told last: a frame, or the state of a snapshot. */
  #last: LogFrame | undefined
  #base: ConversationState | undefined
  /** Messages that were begun anew in the middle, and the mark that ids of what follows get. */
  readonly #restarted = new Map<string, string>()

  constructor(outlet: StreamOutlet) {
    this.#outlet = outlet
  }

  get filters(): readonly Filter[] {
    return [...this.#wanted.values()].map(({ filter }) => filter)
  }

  /**
   * Adds a subscription and replays. What was delivered to the others is not told again.
   * @param state of the thread, as of about now.
   * @param since the position after which the client wants to be told; without one, the run that is shown.
   */
  add(id: string, filter: Filter, state: ConversationState, since?: number): void {
    const from = since === undefined ? shownFrom(state) : seqAt(since)
    const position = since ?? positionOf(from, 0) - 1
    this.#wanted.set(id, { filter, position, isNew: true })
    this.#from = this.#isLive ? from : Math.min(from, this.#from || from)
    this.#isLive = false
    this.#triedStart = false
    this.#outlet.follow(undefined)
  }

  /** @returns whether there was one of this id. */
  remove(id: string): boolean {
    const removed = this.#wanted.delete(id)
    if (removed && this.#wanted.size === 0) this.#outlet.unfollow()
    return removed
  }

  // What the log tells.

  deliver(conversation: string, frame: LogFrame): void {
    const wanted = [...this.#wanted.values()]
    if (this.#isLive && this.#restarted.size === 0) {
      const bytes = frame.bytes(conversation, encoderFor(this.#outlet.framing, this.filters))
      if (bytes) this.#outlet.send(bytes)
    } else if (wanted.some(({ position }) => position < endOf(seqOf(frame.cursor)))) {
      this.#tell(eventsOfFrame(frame).filter(({ event }) => this.#isLive || !event.isPassing))
    }
    for (const one of wanted) one.position = Math.max(one.position, endOf(seqOf(frame.cursor)))
    this.#last = frame
  }

  snapshot(reason: SnapshotReason, cursor: Cursor, state: ConversationState): void {
    const seq = seqOf(cursor)
    const reachesBack = this.#from > seq
    if (reason === "fresh" && !reachesBack && !this.#triedStart) {
      this.#triedStart = true
      return this.#outlet.follow(startCursor)
    }
    const shown = this.#stateNow()
    this.#last = undefined
    this.#base = state
    if (reason === "diverged" || !reachesBack) this.#sayAnew(reason, cursor, shown, state)
  }

  upToDate(cursor: Cursor): void {
    const state = this.#stateNow()
    if (state) this.#sayWhereItStands(cursor, state)
    for (const one of this.#wanted.values()) one.isNew = false
    this.#isLive = true
  }

  /** The state comes last, so that a client which has missed how it came about has it; and no run is an ended one. */
  #sayWhereItStands(cursor: Cursor, state: ConversationState): void {
    const time = timeOf(state)
    const isIdle = state.runs.length === 0
    const said = [values(state, time), ...(isIdle ? [lifecycle("completed", time)] : [])]
    const end = endOf(seqOf(cursor))
    const events = said.map((event, index) => ({ id: `${cursor}.now${index}`, position: end, event }))
    const filters = [...this.#wanted.values()].filter(({ isNew }) => isNew).map(({ filter }) => filter)
    this.#send(events.filter(({ event }) => filters.some((filter) => wants(filter, event))))
  }

  /** Says what the run has come to, out of a snapshot. What was shown of another history goes. */
  #sayAnew(reason: SnapshotReason, cursor: Cursor, shown: ConversationState | undefined, state: ConversationState) {
    const time = timeOf(state)
    const replaced = shown && reason !== "fresh" ? replacedValues(shown, state, time) : []
    const seq = seqOf(cursor)
    for (const one of this.#wanted.values()) one.position = positionOf(seq, 0) - 1
    this.#restarted.clear()
    this.#tell(replaced.map((event, index) => placedAnew(`gone.${cursor}`, seq, index, event)))
    this.#tell(runSoFar(state, time).map((event, index) => placedAnew(`anew.${cursor}`, seq, index, event)))
    for (const one of this.#wanted.values()) one.position = endOf(seq)
    for (const { id, status } of state.messages) if (status === "streaming") this.#restarted.set(id, String(seq))
  }

  /** To every subscription what it wants and has not been told: a client gives each event to all that want it. */
  #tell(events: readonly PlacedEvent[]): void {
    const wanted = [...this.#wanted.values()]
    const isDue = ({ event, position }: PlacedEvent) =>
      wanted.some((one) => one.position < position && wants(one.filter, event))
    this.#send(events.filter(isDue).map((placed) => this.#marked(placed)))
  }

  #marked(placed: PlacedEvent): PlacedEvent {
    const { message } = placed.event
    const mark = message === undefined ? undefined : this.#restarted.get(message)
    if (message !== undefined && isEnd(placed.event)) this.#restarted.delete(message)
    return mark === undefined ? placed : { ...placed, id: `${placed.id}~${mark}` }
  }

  #send(events: readonly PlacedEvent[]): void {
    const bytes = joinedBytes(this.#outlet.framing, events)
    if (bytes) this.#outlet.send(bytes)
  }

  #stateNow(): ConversationState | undefined {
    return this.#last?.after ?? this.#base
  }
}

function placedAnew(name: string, seq: Seq, index: number, event: StreamEvent): PlacedEvent {
  return { id: `${name}.${index}`, position: positionOf(seq, index), event }
}

/** What stands for no entry has the time of the newest message: it is the same whenever it is said. */
function timeOf({ messages }: ConversationState): number {
  return messages.at(-1)?.time ?? 0
}

function isEnd({ data }: StreamEvent): boolean {
  return data["event"] === "message-finish" || data["event"] === "error"
}
