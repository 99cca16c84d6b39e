/**
 * One response stream of an AI SDK client: the run that it follows, from its beginning to its end, as chunks.
 *
 *   waiting for the run ──▶ saying ──▶ over
 *
 * It is given state after state of the conversation, and needs none of them twice. Where it begins it says all that there is
 * so far; so a stream that begins again, on whatever node, comes to the same message. (SPEC AIS2)
 */

import type { Cursor } from "../cursor.ts"
import { isOpen } from "../reduce/runs.ts"
import type { ConversationState, Json, Run } from "../types.ts"
import { type Chunk, chunksBetween, takesBack } from "./chunks.ts"
import type { Part } from "./part.ts"
import { isWaiting, partsOf } from "./parts-of.ts"

/** What a client wants to be told. */
export type Wanted =
  /** The run that answers a message: its place in the log, and its id there. */
  | { readonly kind: "message"; readonly id: string | undefined; readonly seq: number }
  /** A run, once the log has come to `seq`. `isShown`: the client goes on with the message that it shows of it. */
  | { readonly kind: "run"; readonly id: string; readonly seq: number; readonly isShown: boolean }
  /** Whatever is under way, and what comes right after it. */
  | { readonly kind: "current" }

export interface Told {
  readonly chunks: readonly Chunk[]
  /** `nothing`: there is no run to be told of. */
  readonly end?: "ended" | "nothing"
}

const silence: Told = { chunks: [] }
const nothing: Told = { chunks: [], end: "nothing" }

export class RunStream {
  readonly #wanted: Wanted
  #run: string | undefined
  /** What the client shows of the run; `undefined`: nothing was said of it yet. */
  #shown: readonly Part[] | undefined

  constructor(wanted: Wanted) {
    this.#wanted = wanted
    if (wanted.kind === "run") this.#run = wanted.id
  }

  /** The run, where it is known by now. */
  get run(): string | undefined {
    return this.#run
  }

  /** @returns what the client has to be told to be where this state is. */
  take(state: ConversationState, cursor: Cursor): Told {
    if (this.#wanted.kind !== "current" && state.seq < this.#wanted.seq) return silence
    this.#run ??= this.#findRun(state)
    if (this.#run === undefined) return nothing
    return this.#tell(state, cursor, this.#run)
  }

  #findRun({ runs }: ConversationState): string | undefined {
    const wanted = this.#wanted
    if (wanted.kind === "current") return runs.find(isOpen)?.id
    return wanted.kind === "message" ? runs.findLast(({ message }) => message === wanted.id)?.id : wanted.id
  }

  #tell(state: ConversationState, cursor: Cursor, id: string): Told {
    const run = state.runs.find((held) => held.id === id)
    if (run?.status === "merged") return this.#goOnWith(run.into, state, cursor)
    if (run && isOpen(run) && run.attempt === 0) return silence
    const chunks = [...this.#begin(state, id, run), ...this.#say(state, id)]
    const end = endOf(state, run)
    if (!end) return { chunks }
    const isCurrent = this.#wanted.kind === "current"
    const next = isCurrent && end !== "waiting" && end !== "failed" ? state.runs.find(isOpen)?.id : undefined
    const ended = [...chunks, ...endChunks(end, run, state, cursor)]
    if (next === undefined) return { chunks: ended, end: "ended" }
    return joined(ended, this.#goOnWith(next, state, cursor))
  }

  /** Another run has taken the message in, or comes next: the client's message becomes that one's. */
  #goOnWith(run: string | undefined, state: ConversationState, cursor: Cursor): Told {
    if (run === undefined || run === this.#run) return nothing
    this.#run = run
    this.#shown = undefined
    return this.#tell(state, cursor, run)
  }

  #begin(state: ConversationState, id: string, run: Run | undefined): Chunk[] {
    if (this.#shown) return []
    this.#shown = []
    const about = { run: id, ...(run ? { agent: run.agent, message: run.message } : {}), ...titleOf(state) }
    // A client that goes on with a message has its step already: a second one could not be taken back with the first.
    const step = this.#wanted.kind === "run" && this.#wanted.isShown ? "reset-step" : "start-step"
    return [{ type: "start", messageId: id, messageMetadata: { everthread: about } }, { type: step }]
  }

  #say(state: ConversationState, id: string): Chunk[] {
    const before = this.#shown ?? []
    const after = partsOf(state, id)
    this.#shown = after
    const chunks = chunksBetween(before, after)
    if (!takesBack(before, after)) return [...chunks]
    return [{ type: "data-everthread-rewind", data: { run: id }, transient: true }, ...chunks]
  }
}

function joined(chunks: readonly Chunk[], told: Told): Told {
  return { ...told, chunks: [...chunks, ...told.chunks], ...(told.end === "nothing" ? { end: "ended" } : {}) }
}

type End = "waiting" | "completed" | "stopped" | "failed"

/** @returns how it ended for the client; nothing while it is under way. */
function endOf({ interrupts }: ConversationState, run: Run | undefined): End | undefined {
  // It ended so long ago that the state has forgotten how.
  if (!run) return "completed"
  const asked = interrupts.filter((interrupt) => interrupt.run === run.id)
  if (isOpen(run)) return isWaiting(run, asked) ? "waiting" : undefined
  return run.status === "stopped" || run.status === "failed" ? run.status : "completed"
}

/** A client shows what comes behind `error` no more, and sends nothing by itself after `interrupted`. */
function endChunks(end: End, run: Run | undefined, state: ConversationState, cursor: Cursor): Chunk[] {
  if (end === "failed") return [{ type: "error", errorText: run?.error ?? "The run failed." }]
  const about = { status: end, cursor, ...titleOf(state) }
  const finish = (finishReason: string) => ({ type: "finish", finishReason, messageMetadata: { everthread: about } })
  if (end === "waiting") return [finish("tool-calls")]
  if (end === "completed") return [finish("stop")]
  const reason = run?.stopBy ? `Stopped by ${run.stopBy.user}.` : "Stopped."
  return [{ type: "abort", reason }, finish("interrupted")]
}

function titleOf({ title }: ConversationState): { readonly [field: string]: Json } {
  return title === undefined ? {} : { title }
}
