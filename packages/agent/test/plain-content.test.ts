/** A graph sees its model's messages as it would without a stream around it. */

import { BaseChatModel } from "@langchain/core/language_models/chat_models"
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages"
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs"
import { tool } from "@langchain/core/tools"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt"
import { z } from "zod"
import { makePlain } from "../src/langgraph/plain-content.ts"
import { Harness, saidIn } from "./support/harness.ts"

/** Calls a tool when a person speaks, and says what came of it in two pieces. It remembers what it was given. */
class CallingModel extends BaseChatModel {
  readonly given: BaseMessage[][] = []

  _llmType(): string {
    return "calling"
  }

  async _generate(): Promise<ChatResult> {
    throw new Error("This model only streams.")
  }

  override async *_streamResponseChunks(messages: BaseMessage[]): AsyncGenerator<ChatGenerationChunk> {
    this.given.push([...messages])
    if (messages.at(-1)?.getType() === "human") {
      yield piece({ tool_call_chunks: [{ name: "add", args: '{"a":1,', id: "call-1", index: 0 }] })
      yield piece({ tool_call_chunks: [{ args: '"b":2}', index: 0 }] })
      return
    }
    yield piece({ content: "It is " })
    yield piece({ content: "3." })
  }
}

function piece(fields: Partial<ConstructorParameters<typeof AIMessageChunk>[0] & object>): ChatGenerationChunk {
  const message = new AIMessageChunk({ content: "", ...fields } as ConstructorParameters<typeof AIMessageChunk>[0])
  return new ChatGenerationChunk({ text: typeof message.content === "string" ? message.content : "", message })
}

const add = tool(({ a, b }) => String(a + b), {
  name: "add",
  description: "adds",
  schema: z.object({ a: z.number(), b: z.number() }),
})

let h: Harness | undefined
afterEach(() => h?.close())

test("what a model said is a string, what it called is in tool_calls, also when the thread is loaded again", async () => {
  const opened = await Harness.open()
  h = opened
  const conversation = await opened.conversation()
  const model = new CallingModel({})
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("model", async (state) => ({ messages: [await model.invoke(state.messages)] }))
    .addNode("tools", new ToolNode([add]))
    .addEdge(START, "model")
    .addConditionalEdges("model", toolsCondition)
    .addEdge("tools", "model")
    .compile()
  await opened.worker({ agent: graph })
  const first = await opened.ask(conversation, "1+2?")
  expect(saidIn(await opened.ended(conversation, first), first)).toEqual(["", "It is 3."])
  await opened.ended(conversation, await opened.ask(conversation, "again"))

  // In the same turn, after the tool; and in the next one, from the checkpoint.
  const [, afterTool, nextTurn] = model.given
  const shape = (message: BaseMessage) => [message.getType(), message.content]
  expect(afterTool?.map(shape)).toEqual([
    ["human", "1+2?"],
    ["ai", ""],
    ["tool", "3"],
  ])
  expect(nextTurn?.map(shape).slice(3)).toEqual([
    ["ai", "It is 3."],
    ["human", "again"],
  ])
  const called = nextTurn?.[1] as AIMessage
  expect(called.tool_calls).toMatchObject([{ name: "add", args: { a: 1, b: 2 }, id: "call-1" }])
  expect(called.response_metadata["output_version"]).toBeUndefined()
})

test("a message with more in it than words and calls stays as it is", () => {
  const content = [
    { type: "reasoning", reasoning: "hm" },
    { type: "text", text: "yes" },
  ]
  const message = new AIMessage({ content, response_metadata: { output_version: "v1" } })
  makePlain(message)
  expect(message.content).toEqual(content)
  expect(message.response_metadata["output_version"]).toBe("v1")
})
