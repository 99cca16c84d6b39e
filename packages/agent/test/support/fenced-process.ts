/**
 * A worker that loses one conversation while three tasks of its graph are at work, and keeps another: argv is the data
 * folder. Prints as JSON what became of both, and every promise that was rejected and that nobody handled.
 */
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { Gate } from "./gate.ts"
import { Harness, runOf } from "./harness.ts"
import { WordModel } from "./word-model.ts"

const unhandled: string[] = []
process.on("unhandledRejection", (reason) => unhandled.push(String(reason)))

const [folder = ""] = process.argv.slice(2)
const h = await Harness.open({ folder })
const gates = new Map([
  ["lost", new Gate()],
  ["kept", new Gate()],
])
const ran: string[] = []

/** Three at once, one of which fails after the gate, and one behind them. */
function graphOf() {
  const says = (name: string) => async (_state: unknown, config: { configurable?: { conversation?: string } }) => {
    const conversation = config.configurable?.conversation ?? ""
    const model = new WordModel([`${name} `, "said"])
    const said = { messages: [await model.invoke("x")] }
    await gates.get(conversation)?.pass()
    ran.push(`${conversation} ${name}`)
    return said
  }
  const names = ["one", "two", "three"] as const
  const graph = new StateGraph(MessagesAnnotation).addNode("after", says("after"))
  for (const name of names)
    graph
      .addNode(name, says(name))
      .addEdge(START, name as never)
      .addEdge(name as never, "after")
  return graph.compile()
}

const worker = await h.worker({ agent: graphOf() }, { pollMs: 1_000_000 })
for (const conversation of gates.keys()) await h.conversation(conversation)
const lost = await h.ask("lost", "hi")
const kept = await h.ask("kept", "hi")
for (const gate of gates.values()) await gate.reached
const opening = (await h.engine.leases.openRuns()).find(({ run }) => run === lost)
const claim = { conversation: "lost", run: lost, node: "ghost", nonce: "ghost", instead: opening?.owner?.fence }
if (!(await h.engine.leases.claim(claim))) throw new Error("not stolen")
for (const gate of gates.values()) gate.open()
const state = await h.ended("kept", kept)
while (worker.runsActive > 0) await new Promise((resolve) => setImmediate(resolve))
// Rejections are told when the queue of promises is empty: some turns later everything has been.
for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve))
const status = { lost: runOf(await h.state("lost"), lost)?.status, kept: runOf(state, kept)?.status }
process.stdout.write(`${JSON.stringify({ unhandled, status, after: ran.filter((name) => name.endsWith("after")) })}\n`)
// In good order: a process that ends in the middle of a write to the store may wait for it for ever.
await h.close()
process.exit(0)
