/** What comes next, read from the checkpoint alone, is what the graph itself says. */
import { Annotation, Command, END, interrupt, MemorySaver, Send, START, StateGraph } from "@langchain/langgraph"
import { nextNodes } from "../src/history/next-nodes.ts"
import type { AnyGraph } from "../src/langgraph/thread-position.ts"

const State = Annotation.Root({
  said: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
})
const says = (word: string) => () => ({ said: [word] })
const four = () =>
  new StateGraph(State)
    .addNode("a", says("a"))
    .addNode("b", says("b"))
    .addNode("c+1", says("c"))
    .addNode("d", says("d"))

const graphs: Readonly<Record<string, () => AnyGraph>> = {
  "one after the other": () =>
    four().addEdge(START, "a").addEdge("a", "b").addEdge("b", "c+1").addEdge("c+1", "d").compile(),
  "two at once, and one that waits for both": () =>
    four().addEdge(START, "a").addEdge("a", "b").addEdge("a", "c+1").addEdge(["b", "c+1"], "d").compile(),
  "one that waits for a short way and a long one": () =>
    four().addEdge(START, "a").addEdge(START, "b").addEdge("b", "c+1").addEdge(["a", "c+1"], "d").compile(),
  "a node that is deferred": () =>
    new StateGraph(State)
      .addNode("a", says("a"))
      .addNode("b", says("b"))
      .addNode("c", says("c"))
      .addNode("d", says("d"), { defer: true })
      .addEdge(START, "a")
      .addEdge("a", "b")
      .addEdge("a", "d")
      .addEdge("b", "c")
      .compile(),
  "a choice, in a circle": () =>
    four()
      .addEdge(START, "a")
      .addConditionalEdges("a", ({ said }) => (said.length < 4 ? "b" : END), ["b", END])
      .addEdge("b", "a")
      .addEdge("c+1", "d")
      .addEdge("d", "c+1")
      .compile(),
  "what is sent to nodes": () =>
    new StateGraph(State)
      .addNode("b", says("b"))
      .addNode("c", says("c"))
      .addNode("d", says("d"))
      .addConditionalEdges(START, () => [new Send("b", {}), new Send("b", {}), new Send("d", {})], ["b", "d"])
      .addEdge("b", "c")
      .compile(),
  "commands that say where to go": () =>
    new StateGraph(State)
      .addNode("a", () => new Command({ update: { said: ["a"] }, goto: ["b", "c"] }), { ends: ["b", "c"] })
      .addNode("b", says("b"))
      .addNode("c", says("c"))
      .addEdge(START, "a")
      .compile(),
  "a question that nobody has answered": () =>
    new StateGraph(State)
      .addNode("a", says("a"))
      .addNode("b", () => ({ said: [String(interrupt("what?"))] }))
      .addEdge(START, "a")
      .addEdge("a", "b")
      .compile(),
}

test.each(Object.keys(graphs))("[HIS1] %s: the nodes that come next at each checkpoint", async (name) => {
  const graph = graphs[name]?.() as AnyGraph
  const saver = new MemorySaver()
  graph.checkpointer = saver
  const thread = { configurable: { thread_id: "t" } }
  for (let turn = 0; turn < 2; turn++) await graph.invoke({ said: [] }, thread)
  let checkpoints = 0
  for await (const { config, checkpoint } of saver.list(thread)) {
    const { next } = await graph.getState(config)
    expect(nextNodes(checkpoint).sort()).toEqual([...next].sort())
    checkpoints += 1
  }
  expect(checkpoints).toBeGreaterThan(3)
})

test("[HIS1] of a graph that does not name its channels so nothing is said", () => {
  const checkpoint = {
    id: "1",
    ts: "",
    channel_values: { in: 1, out: [] },
    channel_versions: { in: 2 },
    versions_seen: {},
  }
  expect(nextNodes(checkpoint)).toEqual([])
})
