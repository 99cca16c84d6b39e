// Tells a story in two chapters, a step of the graph each, and waits in the middle of the second one until the file GATE is
// there. Asks before it books.
import { existsSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { AIMessage } from "@langchain/core/messages"
import { END, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { SlowSpeaker } from "../../../../test/faults/stage/slow-speaker.mjs"

const chapter = (name) => Array.from({ length: 20 }, (_, at) => `${name}${at} `)

async function throughTheGate(count) {
  while (count === 10 && !existsSync(process.env.GATE)) await pause(10)
}

const tell = (name, said) => async (state, config) => ({
  messages: [await new SlowSpeaker(chapter(name), said, []).invoke(state.messages, config)],
})

function book() {
  const actions = [{ name: "book_table", args: { people: 3 } }]
  const answer = interrupt({ question: "Do you approve this?", actions, answers: ["yes", "no"] })
  return { messages: [new AIMessage(`The answer was ${answer}.`)] }
}

const wanted = ({ messages }) => (messages.at(-1).text.startsWith("book") ? "book" : "first")

export const graph = new StateGraph(MessagesAnnotation)
  .addNode(
    "first",
    tell("one", async () => undefined),
  )
  .addNode("second", tell("two", throughTheGate))
  .addNode("book", book)
  .addConditionalEdges(START, wanted, ["first", "book"])
  .addEdge("first", "second")
  .addEdge("second", END)
  .addEdge("book", END)
  .compile()
