/**
 * A graph as the worker sees it. `langgraph/` implements it; nothing else knows LangGraph's types.
 */
import type { Fence } from "@everthread/engine"
import type { EventBody, Json } from "@everthread/protocol"
import type { WaitingTask } from "./answers.ts"
import type { StoreAppend } from "./fenced-writer.ts"
import type { InputMessage } from "./run-input.ts"
import type { StreamEvent } from "./translate/stream-event.ts"

/** What an attempt starts with. */
export type AttemptInput =
  /** A new turn. */
  | { readonly kind: "messages"; readonly messages: readonly InputMessage[] }
  /** Goes on after an interrupt, with the answers by LangGraph's interrupt id. */
  | { readonly kind: "answers"; readonly answers: { readonly [graphId: string]: Json } }
  /** Goes on from the newest checkpoint. */
  | { readonly kind: "continue" }

/** Where a thread stands. */
export interface ThreadPosition {
  /** The run that wrote the newest checkpoint; `undefined` without one, or if somebody else wrote it. */
  readonly run: string | undefined
  /** Whether nothing is left to do. */
  readonly isFinished: boolean
  /** Tasks that will run when it goes on, subgraphs' included, without those that go on inside a subgraph. */
  readonly tasksToRun: ReadonlySet<string>
  readonly waiting: readonly WaitingTask[]
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
  /** Resolves when everything that the graph has said has been heard, and so is part of the next append. */
  readonly heard: () => Promise<void>
  /**
   * Stores everything that was heard and `bodies` behind it, in one append that `store` makes, if it is given: so a
   * checkpoint never knows of words that the log lacks. It throws where the attempt must write nothing more.
   */
  readonly append: (bodies: readonly EventBody[], store?: StoreAppend) => Promise<void>
  /** Asks again while the store is away or takes no writes, for as long as the attempt lasts. A repeat must be harmless. */
  readonly patiently: <T>(ask: () => Promise<T>) => Promise<T>
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
  /** Asks the graph to stop after the superstep it is in; iterating then throws an error that `isDrained`. */
  drain(): void
}

export interface Graph {
  /** Reads the newest checkpoint. */
  position(request: AttemptRequest): Promise<ThreadPosition>
  start(request: AttemptRequest, input: AttemptInput): Promise<GraphStream>
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
