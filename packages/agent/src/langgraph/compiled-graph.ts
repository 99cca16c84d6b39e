/**
 * Drives a compiled LangGraph graph for the worker.
 *
 * Each attempt works on a copy of the graph with a saver of its own, so attempts do not see each other
 * and the author's object stays as it was. Subgraphs inherit the saver; one that was compiled with its
 * own keeps its own, which then survives nothing that the store would have survived.
 *
 * `durability: "sync"`: with any other a fenced owner would run all its remaining nodes.
 */
import { type BaseCheckpointSaver, Command, GraphDrained, RunControl } from "@langchain/langgraph"
import type { AttemptInput, AttemptRequest, Graph, GraphStream, RaisedInterrupt } from "../graph.ts"
import { rootConfig } from "../history/thread-saver.ts"
import { effectsKey } from "./author/once.ts"
import { describeError } from "./describe-error.ts"
import { graphEvents } from "./graph-events.ts"
import { guardedSaver } from "./guarded-saver.ts"
import { humanMessages } from "./human-messages.ts"
import { intakeSaver } from "./intake-saver.ts"
import { cutOffResults, type OpenCall, openCalls } from "./open-calls.ts"
import { PlainContent } from "./plain-content.ts"
import { standingAt } from "./standing-at.ts"
import { TaskStarts } from "./task-starts.ts"
import { type AnyGraph, threadPosition } from "./thread-position.ts"

export function compiledGraph(graph: AnyGraph, saver: BaseCheckpointSaver): Graph {
  const savers = new WeakMap<AttemptRequest, BaseCheckpointSaver>()
  /** One for each attempt: what it has read of the thread it does not read again. */
  const saverOf = (request: AttemptRequest): BaseCheckpointSaver => {
    const own = savers.get(request) ?? guardedSaver(saver, request)
    savers.set(request, own)
    return own
  }
  return {
    position: (request, paths) =>
      threadPosition(withSaver(graph, saverOf(request)), saverOf(request), request.thread, paths),
    start: (request, input) => start(graph, saverOf(request), request, input),
    hasOpenCalls: async (request) => (await openCallsOf(graph, saverOf(request), request)).length > 0,
    values: async (thread, checkpoint) =>
      (await withSaver(graph, saver).getState(rootConfig(thread, checkpoint))).values as unknown,
    isDrained: (error) => error instanceof Error && error.name === GraphDrained.name,
    // By its name, because each saver has a class of its own for it.
    isFenced: (error) => error instanceof Error && error.name === "FencedError",
    describe: describeError,
  }
}

async function start(
  graph: AnyGraph,
  own: BaseCheckpointSaver,
  request: AttemptRequest,
  input: AttemptInput,
): Promise<GraphStream> {
  const control = new RunControl()
  const from = input.kind === "messages" ? input.from : undefined
  const saver = from === undefined ? own : standingAt(own, request.thread, from || undefined)
  const calls = input.kind === "messages" && input.mends ? await openCallsOf(graph, saver, request) : []
  const taking = intakeSaver(saver, request.intake, () => control.requestDrain("more is said"))
  const { events, interrupts } = await graphEvents(withSaver(graph, taking), graphInput(input, calls), {
    durability: "sync",
    control,
    signal: request.signal,
    callbacks: [new PlainContent(), new TaskStarts(request.begins)],
    recursionLimit: request.recursionLimit,
    configurable: configurable(request),
  })
  return {
    [Symbol.asyncIterator]: () => events[Symbol.asyncIterator](),
    interrupts: () => distinct(interrupts()),
    drain: () => control.requestDrain("the node is shutting down"),
  }
}

/** What a node finds in `config.configurable`. */
function configurable({ thread, conversation, agent, run, user, fence, effects }: AttemptRequest) {
  return { thread_id: thread, conversation, agent, run, user, __fence: fence, [effectsKey]: effects }
}

async function openCallsOf(graph: AnyGraph, saver: BaseCheckpointSaver, { thread }: AttemptRequest) {
  const { values } = await withSaver(graph, saver).getState({ configurable: { thread_id: thread } })
  return openCalls((values as { messages?: unknown } | undefined)?.messages)
}

function graphInput(input: AttemptInput, cutOff: readonly OpenCall[]) {
  switch (input.kind) {
    case "messages":
      return { messages: [...cutOffResults(cutOff), ...humanMessages(input.messages)] }
    case "answers":
      return new Command({ resume: input.answers })
    case "continue":
      return null
  }
}

function withSaver(graph: AnyGraph, saver: BaseCheckpointSaver): AnyGraph {
  const copy = graph.withConfig({}) as AnyGraph
  copy.checkpointer = saver
  return copy
}

/** A subgraph's interrupt is reported once by it and once by each graph around it. */
function distinct(interrupts: readonly RaisedInterrupt[]): RaisedInterrupt[] {
  return [...new Map(interrupts.map((interrupt) => [interrupt.id, interrupt])).values()]
}
