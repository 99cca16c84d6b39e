// An agent that says what was said to it, and tells a story in two halves: the second one when the file GATE is there.
import { existsSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, StateGraph } from "@langchain/langgraph"
import { SlowSpeaker } from "../../faults/stage/slow-speaker.mjs"

const story = Array.from({ length: 40 }, (_, at) => `word${at} `)

async function throughTheGate(count) {
  if (count !== story.length / 2) return
  while (!existsSync(process.env.GATE)) await pause(10)
}

async function answer({ messages }, config) {
  const said = messages.at(-1).text
  if (said !== "Tell me a story") return { messages: [new AIMessage(`You said: ${said}`)] }
  return { messages: [await new SlowSpeaker(story, throughTheGate, []).invoke(messages, config)] }
}

export const graph = new StateGraph(MessagesAnnotation)
  .addNode("answer", answer)
  .addEdge("__start__", "answer")
  .compile()
