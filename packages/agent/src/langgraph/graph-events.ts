/**
 * The events of a graph at work, the very ones that `graph.streamEvents(…, { version: "v3" })` gives, read where they arise.
 *
 * From there they would pass two web streams and a log that keeps every event until the run has ended, beside views of it
 * that nobody here looks at: more than half of what a token costs. What is done to the events on that way, LangGraph's own
 * functions do here.
 *
 * A graph with transformers of its own has them see, add and change events. Only `streamEvents` can do that. It also serves
 * for a graph of a copy of LangGraph that cannot be read so: what is read there is no part of its documented interface.
 */
import { ensureConfig } from "@langchain/core/runnables"
import { AsyncLocalStorageProviderSingleton as contexts } from "@langchain/core/singletons"
import { createLifecycleTransformer, INTERRUPT, isInterrupted } from "@langchain/langgraph"
import { convertToProtocolEvent, STREAM_EVENTS_V3_MODES } from "@langchain/langgraph/stream"
import type { RaisedInterrupt } from "../graph.ts"
import type { StreamEvent } from "../translate/stream-event.ts"
import { EventQueue } from "./event-queue.ts"
import type { AnyGraph } from "./thread-position.ts"

type Options = Omit<NonNullable<Parameters<AnyGraph["stream"]>[1]>, "encoding" | "streamMode" | "subgraphs">
type Input = Parameters<AnyGraph["stream"]>[0]
type Chunk = [namespace: string[], mode: (typeof STREAM_EVENTS_V3_MODES)[number], payload: unknown]

export interface GraphEvents {
  readonly events: AsyncIterable<StreamEvent>
  /** Whole after the end: what the graph waits for. */
  readonly interrupts: () => readonly RaisedInterrupt[]
}

export async function graphEvents(graph: AnyGraph, input: Input, options: Options): Promise<GraphEvents> {
  const isDirect = !(graph.streamTransformers?.length > 0) && typeof graph._streamIterator === "function"
  return isDirect ? direct(graph, input, options) : streamed(graph, input, options)
}

async function streamed(graph: AnyGraph, input: Input, options: Options): Promise<GraphEvents> {
  const stream = await graph.streamEvents(input, { ...options, version: "v3" })
  return {
    events: { [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() as AsyncIterator<StreamEvent> },
    interrupts: () => stream.interrupts.map(({ interruptId, payload }) => ({ id: interruptId, value: payload })),
  }
}

function direct(graph: AnyGraph, input: Input, options: Options): GraphEvents {
  const reading = new Reading()
  // Whatever this is called from, the run of another graph maybe, is not around it.
  void contexts.runWithConfig({}, () => reading.all(() => chunksOf(graph, input, options)), true)
  return reading
}

class Reading implements GraphEvents {
  readonly events = new EventQueue<StreamEvent>()
  readonly #interrupts: RaisedInterrupt[] = []
  readonly #lifecycle = createLifecycleTransformer()
  /** The namespace that speaks, if what came last were words. */
  #speaking: readonly string[] | undefined

  readonly interrupts = () => this.#interrupts

  /** Never rejects: what goes wrong is read behind the events. */
  async all(begin: () => AsyncIterable<Chunk>): Promise<void> {
    this.#lifecycle.onRegister?.({ push: (_namespace, event) => this.events.push(event) })
    try {
      for await (const chunk of begin()) this.#take(chunk)
      await this.#lifecycle.finalize?.()
      this.events.end()
    } catch (error) {
      this.#lifecycle.fail?.(error)
      this.events.fail(error)
    }
  }

  #take([namespace, mode, payload]: Chunk): void {
    if (mode === "values" && isInterrupted(payload)) this.#interrupts.push(...raisedIn(payload))
    // That a part of the graph has begun or is done comes before the event that shows it. More words show nothing new.
    const isMore = mode === "messages" && namespace === this.#speaking
    this.#speaking = mode === "messages" ? namespace : undefined
    for (const event of convertToProtocolEvent({ namespace, mode, payload, seq: 0 }))
      if (isMore || this.#lifecycle.process(event)) this.events.push(event)
  }
}

/** What `graph.stream` does, without its web streams. */
function chunksOf(graph: AnyGraph, input: Input, options: Options): AsyncGenerator<Chunk> {
  const config = ensureConfig({
    ...(graph.config?.recursionLimit === undefined ? {} : { recursionLimit: graph.config.recursionLimit }),
    ...options,
    configurable: { ...graph.config?.configurable, ...options.configurable },
    version: "v3",
    streamMode: STREAM_EVENTS_V3_MODES,
    subgraphs: true,
  })
  return graph._streamIterator(input, config) as AsyncGenerator<Chunk>
}

function raisedIn(payload: { [INTERRUPT]: { id?: string; value?: unknown }[] }): RaisedInterrupt[] {
  return payload[INTERRUPT].map(({ id = "", value }) => ({ id, value }))
}
