// Puts texts that were made to act in a page wherever an agent's words get to: its answer, its reasoning, the name of a tool, what the
// tool is given and gives back, a question with its actions, answers and fields, and the reason of a failure. HARM is a list of them.
import { AIMessage } from "@langchain/core/messages"
import { tool } from "@langchain/core/tools"
import { END, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { ToolNode } from "@langchain/langgraph/prebuilt"
import { SlowSpeaker } from "../../../../test/faults/stage/slow-speaker.mjs"

const harm = JSON.parse(process.env.HARM ?? "[]")
const name = harm[1] ?? "harmless"
const said = async () => undefined

const spoil = tool(() => harm.join("\n"), {
  name,
  description: "Gives back what harms.",
  schema: { type: "object", properties: {} },
})

async function speak({ messages }, config) {
  const calls = [{ id: "call-1", name, args: Object.fromEntries(harm.map((text) => [text, text])) }]
  return {
    messages: [
      await new SlowSpeaker(
        harm.map((text) => `${text}\n\n`),
        said,
        calls,
      ).invoke(messages, config),
    ],
  }
}

function ask() {
  const [first = "a", second = "b"] = harm
  interrupt({
    question: harm.join("\n\n"),
    actions: [{ name: first, args: { [second]: first } }],
    answers: harm.slice(0, 6),
  })
  return { messages: [new AIMessage("That was all.")] }
}

function fail() {
  throw new Error(harm.join(" "))
}

const wanted = ({ messages }) => messages.at(-1).text

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("speak", speak)
  .addNode("tools", new ToolNode([spoil]))
  .addNode("ask", ask)
  .addNode("fail", fail)
  .addConditionalEdges(START, wanted, ["speak", "ask", "fail"])
  .addEdge("speak", "tools")
  .addEdge("tools", END)
  .addEdge("ask", END)
  .compile()
