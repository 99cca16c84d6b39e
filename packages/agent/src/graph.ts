/**
 * A graph as the worker sees it. `langgraph/` implements it; nothing else knows LangGraph's types.
 */
import type { Fence } from "@everthread/engine"
import type { EventBody, Json } from "@everthread/protocol"
import type { WaitingTask } from "./answers.ts"
import type { StoreAppend } from "./fenced-writer.ts"
import type { RunEffects } from "./run-effects.ts"
import type { InputMessage } from "./run-input.ts"
import type { StreamEvent } from "./translate/stream-event.ts"

/** What an attempt starts with. */
export type AttemptInput =
  /**
   * A new turn. `mends`: the one before may have been cut off between a tool call and its result. `from`: on the thread as
   * it stood at this checkpoint, or, where that is empty, as it was before its first.
   */
  | {
      readonly kind: "messages"
      readonly messages: readonly InputMessage[]
      readonly mends?: boolean
      readonly from?: string
    }
  /** Goes on after an interrupt, with the answers by LangGraph's interrupt id. */
  | { readonly kind: "answers"; readonly answers: { readonly [graphId: string]: Json } }
  /** Goes on from the newest checkpoint. */
  | { readonly kind: "continue" }

/** Where a thread stands. */
export interface ThreadPosition {
  /** The run that wrote the newest checkpoint; `undefined` without one, or if somebody else wrote it. */
  readonly run: string | undefined
  /** The runs whose messages that run had taken in by then. */
  readonly given: readonly string[]
  /** Whether nothing is left to do. */
  readonly isFinished: boolean
  /** Tasks of the root graph that have no result: they run again, or go on inside. */
  readonly openTasks: ReadonlySet<string>
  /** The graphs inside those tasks that have a checkpoint of this run, by their path, its parts joined with `|`. */
  readonly inside: ReadonlyMap<string, InnerPosition>
  readonly waiting: readonly WaitingTask[]
}

/** Where a graph inside a task stands. */
export interface InnerPosition {
  /** The superstep that its newest checkpoint ends. */
  readonly step: number
  /** Tasks after it that have their results already. */
  readonly done: ReadonlySet<string>
  /** LangGraph's ids of the messages that it holds. */
  readonly said: ReadonlySet<string>
}

/** What a run takes in while it is under way. */
export interface Intake {
  /** The runs whose messages the thread has, or will have with what starts now: each checkpoint names them. */
  readonly given: readonly string[]
  /** Whether the graph is to stop at the end of a superstep, to be given more. */
  isWanted(): boolean
  /** A checkpoint is stored. */
  kept(): Promise<void>
}

export interface AttemptRequest {
  readonly thread: string
  readonly conversation: string
  readonly agent: string
  readonly run: string
  /** Who asked. */
  readonly user: string
  readonly fence: Fence
  readonly recursionLimit: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** A task begins to run, before it says anything. @param path of `node:task` pairs from the root graph. */
  readonly begins: (path: readonly string[]) => void
  /** Resolves when everything that the graph has said has been heard, and so is part of the next append. */
  readonly heard: () => Promise<void>
  /**
   * Stores everything that was heard and `bodies` behind it, in one append that `store` makes, if it is given: so a
   * checkpoint never knows of words that the log lacks. It throws where the attempt must write nothing more.
   */
  readonly append: (bodies: readonly EventBody[], store?: StoreAppend) => Promise<void>
  /** Asks again while the store is away or takes no writes, for as long as the attempt lasts. A repeat must be harmless. */
  readonly patiently: <T>(ask: () => Promise<T>) => Promise<T>
  /** What `once` works with. */
  readonly effects: RunEffects
  readonly intake: Intake
  readonly signal: AbortSignal
}

export interface RaisedInterrupt {
  readonly id: string
  readonly value: unknown
}

/** One attempt under way. Iterating it ends when the graph does, and throws what the graph throws. */
export interface GraphStream extends AsyncIterable<StreamEvent> {
  /** After the end: what the graph waits for, each once. */
  interrupts(): readonly RaisedInterrupt[]
  /**
   * Asks the graph to stop after the superstep it is in; iterating then throws an error that `isDrained`. So it does
   * where the request's intake is wanted, after a superstep of the root graph.
   */
  drain(): void
}

export interface Graph {
  /** Reads the newest checkpoint. @param paths where the run has spoken: the graphs there are looked into. */
  position(request: AttemptRequest, paths: readonly (readonly string[])[]): Promise<ThreadPosition>
  start(request: AttemptRequest, input: AttemptInput): Promise<GraphStream>
  /** Whether the thread ends with a tool call that has no result: nothing may be given to it then. */
  hasOpenCalls(request: AttemptRequest): Promise<boolean>
  /** The state at a root checkpoint of a thread, as the graph's author sees it. */
  values(thread: string, checkpoint: string): Promise<unknown>
  /** Whether the error says that the graph stopped because it was asked to `drain`. */
  isDrained(error: unknown): boolean
  /** Whether the error says that the store refused a checkpoint, because it does not continue what the thread holds by now. */
  isFenced(error: unknown): boolean
  /** One sentence for a person about why the graph failed. */
  describe(error: unknown): string
}

/** A graph that was loaded, under the name by which people address it. */
export interface LoadedGraph {
  readonly name: string
  /** The file it comes from, for people; absent for one that was built in. */
  readonly file?: string
  readonly graph: Graph
}
