/**
 * One conversation on one connection: its state as the log tells it, and the response streams that are open on it.
 *
 *   idle ──(first stream)──▶ catching up ──(up to date)──▶ live ──(last stream over)──▶ idle
 *
 * Streams are told nothing before the conversation is up to date: they begin with what there is, and what was taken back
 * before they began is never shown. Nothing here is joined for a slow device, because each chunk has its number; one that
 * does not read is let go, and resumes. (SPEC AIS2, DLV3)
 */
import { type ConversationState, type Cursor, emptyState, startCursor, type WireError } from "@everthread/protocol"
import type { RunStream, Told } from "@everthread/protocol/ai-sdk"
import type { LogFrame } from "../../core/log-frame.ts"
import { chunkFrame, errorFrame, plainFrame } from "./frames/server-frame.ts"

export interface ChatOutlet {
  send(bytes: Uint8Array): void
  /** Follows the conversation from its newest snapshot, with the state before each frame. */
  follow(): void
  unfollow(): void
  /** The person has stopped this run. */
  stop(run: string): void
  /** A request is over: its id may be used again. */
  over(requestId: string): void
  /** The last one is. */
  idle(): void
}

interface Response {
  readonly stream: RunStream
  /** It is said to the client that there is something to resume, as soon as it is known. */
  readonly isResumed: boolean
  sequence: number
  /** The client listens no more, and waits for the run to be stopped. */
  isAborted: boolean
}

export class FollowedChat {
  readonly #outlet: ChatOutlet
  readonly #responses = new Map<string, Response>()
  #phase: "idle" | "catching up" | "live" = "idle"
  #base: ConversationState = emptyState
  #last: LogFrame | undefined
  #cursor: Cursor = startCursor

  constructor(outlet: ChatOutlet) {
    this.#outlet = outlet
  }

  add(requestId: string, stream: RunStream, isResumed: boolean): void {
    const response = { stream, isResumed, sequence: 0, isAborted: false }
    this.#responses.set(requestId, response)
    if (this.#phase === "live") return this.#tell(requestId, response, this.#stateNow())
    if (this.#phase === "catching up") return
    this.#phase = "catching up"
    this.#outlet.follow()
  }

  /**
   * The client listens no more. @returns the run to stop, where it is known. Otherwise it is stopped when it is, if the
   * client has asked for it: of what it would have resumed nobody has seen anything yet.
   */
  abort(requestId: string): string | undefined {
    const response = this.#responses.get(requestId)
    if (!response) return undefined
    const { run } = response.stream
    if (run === undefined && !response.isResumed) response.isAborted = true
    else this.#end(requestId)
    return run
  }

  fail(error: WireError): void {
    this.#phase = "idle"
    for (const requestId of [...this.#responses.keys()]) {
      this.#outlet.send(errorFrame(requestId, error))
      this.#end(requestId)
    }
  }

  // What the log tells.

  deliver(frame: LogFrame): void {
    this.#last = frame
    this.#cursor = frame.cursor
    if (this.#phase === "live") this.#tellAll()
  }

  snapshot(cursor: Cursor, state: ConversationState): void {
    this.#last = undefined
    this.#base = state
    this.#cursor = cursor
    if (this.#phase === "live") this.#tellAll()
  }

  upToDate(): void {
    this.#phase = "live"
    this.#tellAll()
  }

  #tellAll(): void {
    const state = this.#stateNow()
    for (const [requestId, response] of [...this.#responses]) this.#tell(requestId, response, state)
  }

  #tell(requestId: string, response: Response, state: ConversationState): void {
    const { stream, isAborted } = response
    const wasKnown = stream.run !== undefined
    const told = stream.take(state, this.#cursor)
    if (isAborted && stream.run !== undefined) this.#outlet.stop(stream.run)
    else if (!isAborted) this.#say(requestId, response, told, !wasKnown)
    if (told.end || (isAborted && stream.run !== undefined)) this.#end(requestId)
  }

  #say(requestId: string, response: Response, { chunks, end }: Told, isNew: boolean): void {
    const isKnown = response.stream.run !== undefined
    const frames = [
      ...(response.isResumed && isNew && isKnown ? [plainFrame("start", requestId)] : []),
      ...chunks.map((chunk) => chunkFrame(requestId, response.sequence++, chunk)),
      ...(end ? [plainFrame(response.isResumed && !isKnown ? "no-active" : "end", requestId)] : []),
    ]
    if (frames.length > 0) this.#outlet.send(Buffer.concat(frames))
  }

  #end(requestId: string): void {
    this.#responses.delete(requestId)
    this.#outlet.over(requestId)
    if (this.#responses.size > 0) return
    if (this.#phase !== "idle") this.#outlet.unfollow()
    this.#phase = "idle"
    this.#outlet.idle()
  }

  #stateNow(): ConversationState {
    return this.#last?.after ?? this.#base
  }
}
