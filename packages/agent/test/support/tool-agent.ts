/**
 * An agent that calls a tool where it is asked to look, and otherwise says what it was told: it keeps what its model was
 * given, so that a test can see which history a real model would have got.
 */
import { AIMessage, type BaseMessage, ToolMessage } from "@langchain/core/messages"
import { END, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"

export interface ToolAgent {
  readonly graph: ReturnType<typeof build>
  /** What the model was given, call by call: `human: look`, `ai: look()`, `tool: found`. */
  readonly histories: string[][]
}

export interface Passes {
  /** Before the model answers, with the number of its call, from 1. */
  model?(call: number): Promise<void>
  tool?(): Promise<void>
}

export function toolAgent(passes: Passes = {}): ToolAgent {
  const histories: string[][] = []
  return { graph: build(histories, passes), histories }
}

function build(histories: string[][], { model, tool }: Passes) {
  return new StateGraph(MessagesAnnotation)
    .addNode("model", async ({ messages }) => {
      histories.push(messages.map(lineOf))
      await model?.(histories.length)
      return { messages: [answerTo(messages, histories.length)] }
    })
    .addNode("tools", async ({ messages }) => {
      await tool?.()
      const calls = (messages.at(-1) as AIMessage).tool_calls ?? []
      return { messages: calls.map(({ id }) => new ToolMessage({ tool_call_id: id ?? "", content: "found" })) }
    })
    .addEdge(START, "model")
    .addConditionalEdges("model", ({ messages }) => (callsOf(messages.at(-1)) > 0 ? "tools" : END), ["tools", END])
    .addEdge("tools", "model")
    .compile()
}

function answerTo(messages: readonly BaseMessage[], call: number): AIMessage {
  const last = messages.at(-1)
  const asks = last?.getType() === "human" && last.text.startsWith("look")
  if (asks) return new AIMessage({ content: "", tool_calls: [{ id: `call-${call}`, name: "look", args: {} }] })
  const since = messages.slice(messages.findLastIndex((message) => message.getType() === "ai" && !callsOf(message)) + 1)
  return new AIMessage(`told: ${since.flatMap((each) => (each.getType() === "human" ? [each.text] : [])).join(", ")}`)
}

function callsOf(message: BaseMessage | undefined): number {
  return (message as AIMessage | undefined)?.tool_calls?.length ?? 0
}

function lineOf(message: BaseMessage): string {
  return `${message.getType()}: ${callsOf(message) > 0 ? "look()" : message.text}`
}
