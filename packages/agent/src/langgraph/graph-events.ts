/**
 * The events of a graph at work, the very ones that `graph.streamEvents(…, { version: "v3" })` gives, read where they arise.
 *
 * From there they would pass two web streams and a log that keeps every event until the run has ended, beside views of it
 * that nobody here looks at: more than half of what a token costs. What is done to the events on that way, LangGraph's own
 * functions do here.
 *
 * A graph with transformers of its own has them see, add and change events. Only `streamEvents` can do that.
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
  /** After the end: what the graph waits for. */
  interrupts(): readonly RaisedInterrupt[]
}

export async function graphEvents(graph: AnyGraph, input: Input, options: Options): Promise<GraphEvents> {
  return graph.streamTransformers?.length > 0 ? transformed(graph, input, options) : direct(graph, input, options)
}

async function transformed(graph: AnyGraph, input: Input, options: Options): Promise<GraphEvents> {
  const stream = await graph.streamEvents(input, { ...options, version: "v3" })
  return {
    events: { [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() as AsyncIterator<StreamEvent> },
    interrupts: () => stream.interrupts.map(({ interruptId, payload }) => ({ id: interruptId, value: payload })),
  }
}

function direct(graph: AnyGraph, input: Input, options: Options): GraphEvents {
  const queue = new EventQueue<StreamEvent>()
  const interrupts: RaisedInterrupt[] = []
  const read = async () => {
    const lifecycle = createLifecycleTransformer()
    lifecycle.onRegister?.({ push: (_namespace, event) => queue.push(event) })
    try {
      for await (const chunk of chunksOf(graph, input, options)) {
        const [namespace, mode, payload] = chunk
        if (mode === "values" && isInterrupted(payload)) interrupts.push(...raisedIn(payload))
        // It says first that a part of the graph has begun or is done, where this event shows that.
        for (const event of convertToProtocolEvent({ namespace, mode, payload, seq: 0 }))
          if (lifecycle.process(event)) queue.push(event)
      }
      await lifecycle.finalize?.()
      queue.end()
    } catch (error) {
      lifecycle.fail?.(error)
      queue.fail(error)
    }
  }
  // Whatever this is called from, the run of another graph maybe, is not around it.
  void contexts.runWithConfig({}, read, true)
  return { events: queue, interrupts: () => interrupts }
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
