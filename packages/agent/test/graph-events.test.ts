/** What is read of a graph where it arises is what `streamEvents` gives of it, event by event. */
import { AIMessage, type AIMessageChunk } from "@langchain/core/messages"
import { tool } from "@langchain/core/tools"
import {
  type GraphRunStream,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  pushMessage,
  START,
  StateGraph,
} from "@langchain/langgraph"
import { ToolNode } from "@langchain/langgraph/prebuilt"
import { graphEvents } from "../src/langgraph/graph-events.ts"
import type { AnyGraph } from "../src/langgraph/thread-position.ts"
import type { StreamEvent } from "../src/translate/stream-event.ts"
import { WordModel } from "./support/word-model.ts"

const says = (text: string) => async () => ({ messages: [await new WordModel(text.split(/(?<= )/)).invoke("x")] })

const pair = () =>
  new StateGraph(MessagesAnnotation)
    .addNode("one", says("it says one"))
    .addNode("two", says("and two"))
    .addEdge(START, "one")
    .addEdge("one", "two")
    .compile()

const alone = (work: (config: { writer?: (chunk: unknown) => void }) => unknown) =>
  new StateGraph(MessagesAnnotation)
    // biome-ignore lint/suspicious/noExplicitAny: whatever a graph's author may give back.
    .addNode("work", async (_state, config) => (await work(config)) as any)
    .addEdge(START, "work")
    .compile()

const look = tool(async () => "found", {
  name: "look",
  description: "looks",
  schema: { type: "object", properties: {} },
})
const calling = () => ({
  messages: [new AIMessage({ id: "m", content: "", tool_calls: [{ id: "c", name: "look", args: {} }] })],
})

const graphs: Readonly<Record<string, () => AnyGraph>> = {
  "words in steps": pair,
  "a message that was not streamed, and one that was pushed": () =>
    alone(() => {
      pushMessage(new AIMessage({ id: "pushed", content: "at once" }), { stateKey: null })
      return { messages: [new AIMessage({ id: "whole", content: "as a whole" })] }
    }),
  "events of the author's between words": () =>
    alone(async ({ writer }) => {
      const stream = await new WordModel(["a ", "b ", "c"]).stream("x")
      let all: AIMessageChunk | undefined
      for await (const chunk of stream) {
        all = all ? all.concat(chunk) : chunk
        writer?.({ name: "progress", payload: chunk.text })
      }
      return { messages: [all] }
    }),
  "a graph as a node, in branches": () =>
    new StateGraph(MessagesAnnotation)
      .addNode("left", pair())
      .addNode("right", pair())
      .addNode("both", says("and both"))
      .addEdge(START, "left")
      .addEdge("left", "right")
      .addEdge("right", "both")
      .compile(),
  tools: () =>
    new StateGraph(MessagesAnnotation)
      .addNode("order", calling)
      .addNode("tools", new ToolNode([look]))
      .addNode("behind", says("there it is"))
      .addEdge(START, "order")
      .addEdge("order", "tools")
      .addEdge("tools", "behind")
      .compile(),
  "a question": () =>
    alone(async () => {
      await says("let me see")()
      return { messages: [new AIMessage(String(interrupt("which?")))] }
    }),
  "a graph that throws behind its words": () =>
    new StateGraph(MessagesAnnotation)
      .addNode("inner", pair())
      .addNode("bad", async () => {
        await says("so far")()
        throw new Error("out of luck")
      })
      .addEdge(START, "inner")
      .addEdge("inner", "bad")
      .compile(),
  "a transformer of the author's": () => {
    const builder = new StateGraph(MessagesAnnotation).addNode("one", says("it says one")).addEdge(START, "one")
    const isShown = ({ method }: { readonly method: string }) => method !== "updates"
    const graph = builder.compile({ transformers: [() => ({ init: () => ({}), process: isShown })] })
    return graph as unknown as AnyGraph
  },
}

interface Heard {
  readonly events: readonly unknown[]
  readonly interrupts: readonly unknown[]
  readonly error?: string
}

const input = { messages: [{ role: "human", content: "go", id: "h" }] }
const options = () => ({ durability: "sync" as const, recursionLimit: 30, configurable: { thread_id: "t" } })

describe.each(Object.keys(graphs))("%s", (name) => {
  test("the events are those of streamEvents, in their order", async () => {
    const ours = await graphEvents(withSaver(graphs[name]?.()), input, options())
    const direct = await heard(ours.events, () => ours.interrupts())
    expect(direct).toEqual(await stock(withSaver(graphs[name]?.())))
    expect(direct.events.length).toBeGreaterThan(5)
  })
})

test("a graph of a LangGraph that cannot be read where events arise is read through streamEvents", async () => {
  const { events, interrupts } = await graphEvents(unreadable(withSaver(graphs["a question"]?.())), input, options())
  expect(await heard(events, interrupts)).toEqual(await stock(withSaver(graphs["a question"]?.())))
})

test("what was said before a graph throws is read before its error, however late it is read", async () => {
  const { events } = await graphEvents(withSaver(graphs["a graph that throws behind its words"]?.()), input, options())
  await new Promise((resolve) => setImmediate(resolve))
  const { events: all, error } = await heard(events, () => [])
  expect(JSON.stringify(all)).toContain('"so "')
  expect(error).toBe("Error: out of luck")
})

test("a run that was begun in another one has nothing of it", async () => {
  let inner: Promise<Heard> | undefined
  const outer = alone(async () => {
    inner = graphEvents(withSaver(pair()), input, options()).then((ours) => heard(ours.events, () => []))
    return { messages: [new AIMessage("ok")] }
  })
  const { events } = await graphEvents(withSaver(outer), input, options())
  const around = await heard(events, () => [])
  expect(await inner).toEqual(await stock(withSaver(pair())))
  expect(JSON.stringify(around)).not.toContain(
    'content-block-delta","index":0,"delta":{"type":"text-delta","text":"it "',
  )
})

async function stock(graph: AnyGraph): Promise<Heard> {
  const stream = (await graph.streamEvents(input, { ...options(), version: "v3" })) as GraphRunStream
  const events = { [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator]() as AsyncIterator<StreamEvent> }
  return heard(events, () => stream.interrupts.map(({ interruptId: id, payload: value }) => ({ id, value })))
}

async function heard(events: AsyncIterable<StreamEvent>, interrupts: () => readonly unknown[]): Promise<Heard> {
  const all: StreamEvent[] = []
  const ended = await (async () => {
    for await (const event of events) all.push(event)
    return {}
  })().catch((error: unknown) => ({ error: String(error) }))
  const plain = all.map(({ method, params: { namespace, node, data } }) => ({ method, namespace, node, data }))
  return { ...named({ events: plain, interrupts: interrupts() }), ...ended }
}

/** Ids that are made anew each time, by the order in which they appear. */
function named<T>(heard: T): T {
  const names = new Map<string, string>()
  const name = (id: string) => names.get(id) ?? names.set(id, `id-${names.size}`).get(id) ?? ""
  const text = JSON.stringify(heard)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}/g, name)
    .replace(/"(timestamp|step_time|task_start_time)":\d+/g, '"$1":0')
  return JSON.parse(text) as T
}

/** As a copy of LangGraph would be whose insides have other names. */
function unreadable(graph: AnyGraph): AnyGraph {
  return new Proxy(graph, {
    get(target, name) {
      if (name === "_streamIterator") return undefined
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === "function" ? value.bind(target) : value
    },
  })
}

function withSaver(graph: AnyGraph | undefined): AnyGraph {
  const copy = (graph as AnyGraph).withConfig({}) as AnyGraph
  copy.checkpointer = new MemorySaver()
  return copy
}
