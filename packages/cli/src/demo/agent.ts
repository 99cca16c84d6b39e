/**
 * The demo agent: a small but real LangGraph graph.
 *
 *   model ──▶ tools ──▶ model        a tool without consequences
 *   model ──▶ approve ──▶ tools      a tool that does something in the world: a person is asked first
 *   model ──▶ end                    nothing more to do
 */
import { type AIMessage, type BaseMessage, SystemMessage, ToolMessage } from "@langchain/core/messages"
import type { RunnableConfig } from "@langchain/core/runnables"
import { Command, END, interrupt, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { ToolNode } from "@langchain/langgraph/prebuilt"
import { chatModel, type DemoEnvironment } from "./chat-model.ts"
import { needsApproval, tools } from "./tools.ts"

type State = typeof MessagesAnnotation.State

const instructions = new SystemMessage(
  "You are a helpful agent in a conversation that several people may share; a message's name says who wrote it. Answer in the language of the last message. Use the tools where they help.",
)

export function demoGraph(env: DemoEnvironment) {
  const model = chatModel(env)
  const ask = async ({ messages }: State, config: RunnableConfig) => ({
    messages: [await model.invoke([instructions, ...withAllCallsAnswered(messages)], config)],
  })
  return new StateGraph(MessagesAnnotation)
    .addNode("model", ask)
    .addNode("approve", approve, { ends: ["tools", "model"] })
    .addNode("tools", new ToolNode(tools))
    .addEdge(START, "model")
    .addConditionalEdges("model", afterModel, ["approve", "tools", END])
    .addEdge("tools", "model")
    .compile()
}

export const graph = demoGraph(process.env)

function afterModel({ messages }: State): "approve" | "tools" | typeof END {
  const calls = callsOf(messages.at(-1))
  if (calls.length === 0) return END
  return calls.some(({ name }) => needsApproval.has(name)) ? "approve" : "tools"
}

/** Everything before `interrupt` runs again when the answer comes, so there is nothing before it. */
function approve({ messages }: State): Command {
  const calls = callsOf(messages.at(-1))
  const actions = calls.filter(({ name }) => needsApproval.has(name)).map(({ name, args }) => ({ name, args }))
  const answer: unknown = interrupt({ ...questionFor(messages), actions })
  if (isYes(answer)) return new Command({ goto: "tools" })
  return new Command({
    goto: "model",
    update: { messages: calls.map((call) => refusal(call, "A person declined this.")) },
  })
}

/** In the language of the last message of a person. */
function questionFor(messages: readonly BaseMessage[]) {
  const said = messages.findLast((message) => message.getType() === "human")?.text ?? ""
  return /\p{Script=Han}/u.test(said)
    ? { question: "您同意吗？", answers: ["同意", "不同意"] }
    : { question: "Do you approve this?", answers: ["yes", "no"] }
}

function isYes(answer: unknown): boolean {
  if (typeof answer === "object" && answer !== null && "approved" in answer) return answer.approved === true
  return answer === true || /^(?:y|yes|ok|approve[d]?|好|是|可以|同意)$/iu.test(String(answer).trim())
}

interface Call {
  readonly id?: string | undefined
  readonly name: string
  readonly args: unknown
}

function callsOf(message: BaseMessage | undefined): readonly Call[] {
  return message?.getType() === "ai" ? ((message as AIMessage).tool_calls ?? []) : []
}

/**
 * A run that was stopped between a tool's call and its result leaves the call unanswered, and models
 * refuse such a history: it is answered for them.
 */
export function withAllCallsAnswered(messages: readonly BaseMessage[]): BaseMessage[] {
  const answered = new Set(messages.map((message) => (message as Partial<ToolMessage>).tool_call_id))
  return messages.flatMap((message) => {
    const open = callsOf(message).filter(({ id }) => !answered.has(id))
    return [message, ...open.map((call) => refusal(call, "This was stopped before it was done."))]
  })
}

function refusal({ id, name }: Call, content: string): ToolMessage {
  return new ToolMessage({ tool_call_id: id ?? "", name, content })
}
