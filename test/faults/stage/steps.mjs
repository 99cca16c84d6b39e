/**
 * An agent in three steps, which can be made to sleep on its feet: where it is told to, it holds up its whole process
 * until a file appears. What it says, keeps and does after that is marked, so that none of it can hide.
 */
import { existsSync } from "node:fs"
import { once } from "@everthread/agent/author"
import { Annotation, MessagesAnnotation, StateGraph } from "@langchain/langgraph"
import { effect, reach } from "./reach.mjs"
import { SlowSpeaker } from "./slow-speaker.mjs"
import { firstLine, lastLine, stale } from "./steps-script.mjs"

const pollMs = 20
const cell = new Int32Array(new SharedArrayBuffer(4))

/** Nothing else happens in this process meanwhile. */
function sleepUntil(file) {
  while (!existsSync(file)) Atomics.wait(cell, 0, 0, pollMs)
}

/** @returns whether somebody else goes on with the run since. */
async function come(config, place) {
  const word = await reach(config, place)
  if (word.startsWith("sleep ")) sleepUntil(word.slice("sleep ".length))
  return word !== "go"
}

async function first(_state, config) {
  const words = [...firstLine]
  const middle = 3
  const said = async (count) => {
    if (count === middle && (await come(config, "append"))) words.splice(middle, words.length, `${stale} `, stale)
  }
  const message = await new SlowSpeaker(words, said, []).invoke([], config)
  return { messages: [message], note: (await come(config, "checkpoint")) ? stale : "healthy" }
}

async function pay(_state, config) {
  const isStale = await come(config, "effect")
  return { note: await once(config, "pay", ({ key, again }) => effect(config, { key: isStale ? stale : key, again })) }
}

async function last(_state, config) {
  return { messages: [await new SlowSpeaker(lastLine, async () => undefined, []).invoke([], config)] }
}

const State = Annotation.Root({ ...MessagesAnnotation.spec, note: Annotation() })

export const graph = new StateGraph(State)
  .addNode("first", first)
  .addNode("pay", pay)
  .addNode("last", last)
  .addEdge("__start__", "first")
  .addEdge("first", "pay")
  .addEdge("pay", "last")
  .compile()
