/**
 * What one answer is told of its thread: one run until it ends, or everything for as long as it is open.
 *
 *   reading ──(up to date)──▶ told ──(the run has ended)──▶ over
 *   resuming ──(what follows the cursor of Last-Event-ID)──▶ told
 *
 * While it reads it only adds up what it reads: the stream begins with where that has led to. A history that takes the place
 * of another one is shown within the stream. (SPEC AGU4, AGU5)
 */
import { type ConversationState, type Cursor, emptyState } from "@everthread/protocol"
import { type AgUiEvent, jumpOf, type Plan, resumedAt } from "@everthread/protocol/ag-ui"
import type { LogFrame } from "../../core/log-frame.ts"
import { bytesOf, conversationEncoder, tellFrame } from "./encode.ts"

export interface StreamPlan extends Plan {
  /** Whether everybody with such a plan is told the same. */
  readonly isShared: boolean
}

export interface StreamOutlet {
  send(bytes: Uint8Array): void
  follow(cursor: Cursor | undefined): void
  end(): void
}

type Phase = "reading" | "resuming" | "told" | "over"

export class ThreadStream {
  readonly #plan: StreamPlan
  readonly #outlet: StreamOutlet
  #phase: Phase
  /** What it was told last: a frame, or the state of a snapshot. */
  #last: LogFrame | undefined
  #base: ConversationState = emptyState

  constructor(plan: StreamPlan, outlet: StreamOutlet, lastEventId: Cursor | undefined) {
    this.#plan = plan
    this.#outlet = outlet
    this.#phase = lastEventId === undefined ? "reading" : "resuming"
  }

  deliver(conversation: string, frame: LogFrame): void {
    if (this.#phase === "resuming" && !this.#resume(frame)) return
    if (this.#phase === "told") this.#tell(conversation, frame)
    this.#last = frame
  }

  snapshot(cursor: Cursor, state: ConversationState): void {
    const shown = this.#phase === "told" ? this.#stateNow() : undefined
    this.#base = state
    this.#last = undefined
    if (shown) this.#say(jumpOf(shown, state, this.#plan.view), cursor, state)
    else if (this.#phase === "resuming") this.#phase = "reading"
  }

  upToDate(cursor: Cursor): void {
    if (this.#phase === "reading") return this.#begin(cursor)
    // Nothing has followed the cursor: then it is said where it stands.
    if (this.#phase === "resuming") this.#readAnew()
  }

  #readAnew(): void {
    this.#phase = "reading"
    this.#last = undefined
    this.#outlet.follow(undefined)
  }

  #begin(cursor: Cursor): void {
    const state = this.#stateNow()
    this.#phase = "told"
    this.#say(this.#plan.begin(state), cursor, state)
  }

  /** @returns whether it goes on with this frame. */
  #resume({ before, prev }: LogFrame): boolean {
    const state = before ?? emptyState
    const isOver = this.#plan.isOver(state)
    if (isOver) this.#readAnew()
    else this.#goOn(prev, state)
    return !isOver
  }

  #goOn(cursor: Cursor, state: ConversationState): void {
    this.#phase = "told"
    this.#say(resumedAt(state, this.#plan.view), cursor, state)
  }

  #tell(conversation: string, frame: LogFrame): void {
    const { view, isShared, isOver } = this.#plan
    if (isShared) return this.#send(frame.bytes(conversation, conversationEncoder))
    const { bytes, after } = tellFrame(frame, view, isOver)
    this.#send(bytes)
    if (isOver(after)) this.#end()
  }

  #say(events: readonly AgUiEvent[], cursor: Cursor, state: ConversationState): void {
    this.#send(bytesOf(events, cursor))
    if (this.#plan.isOver(state)) this.#end()
  }

  #send(bytes: Uint8Array | undefined): void {
    if (bytes) this.#outlet.send(bytes)
  }

  #end(): void {
    this.#phase = "over"
    this.#outlet.end()
  }

  #stateNow(): ConversationState {
    return this.#last?.after ?? this.#base
  }
}
