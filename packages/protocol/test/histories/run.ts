/** What a worker does: try a run, speak, use tools, ask, be taken over, end. */
import type { EventBody, Json } from "@everthread/protocol"
import { type Act, fresh, type LiveRun, pick, time } from "./world.ts"

const kinds = ["text", "reasoning", "tool_call"] as const

/** Starts the next run, or takes the live one over: what it said since its checkpoint is taken back. */
export const attempt: Act = (world, step) => {
  const node = `node-${step.pick % 3}`
  const run = world.live
  if (!run) {
    const id = world.queue.shift()
    if (id === undefined) return []
    world.live = { id, attempt: 1, speeches: 0, speech: undefined, sinceCheckpoint: [], calls: [] }
    return [{ type: "run.attempt", time, run: id, attempt: 1, node }]
  }
  const messages = run.sinceCheckpoint
  world.messages = world.messages.filter((message) => !messages.includes(message))
  Object.assign(run, { attempt: run.attempt + 1, speech: undefined, sinceCheckpoint: [], calls: [] })
  return [
    { type: "run.attempt", time, run: run.id, attempt: run.attempt, node },
    { type: "rewind", time, run: run.id, attempt: run.attempt, messages },
  ]
}

const output = (
  run: LiveRun,
  data: { [key: string]: Json },
  method: "messages" | "tools" | "checkpoints" = "messages",
): EventBody => ({
  type: "agent",
  time,
  run: run.id,
  method,
  ns: method === "checkpoints" ? [] : ["model:1"],
  ...(method === "messages" && run.speech ? { message: run.speech.id } : {}),
  data,
})

const speak: Act = ({ live: run, ...world }) => {
  if (!run || run.speech) return []
  const id = `${run.id}.${run.speeches++}`
  run.speech = { id, blocks: 0, block: undefined }
  run.sinceCheckpoint.push(id)
  world.messages.push(id)
  return [output(run, { event: "message-start" })]
}

const startBlock: Act = ({ live: run }, step) => {
  if (!run?.speech || run.speech.block) return []
  const kind = pick(kinds, step) ?? "text"
  const index = run.speech.blocks++
  run.speech.block = { index, kind, text: "" }
  const call = `${run.speech.id}#${index}`
  if (kind === "tool_call") run.calls.push(call)
  const content: Json =
    kind === "tool_call" ? { type: "tool_call_chunk", id: call, name: "look_up", args: "" } : { type: kind, [kind]: "" }
  return [output(run, { event: "content-block-start", index, content })]
}

/** The step's text in pieces of a few characters, as a model would stream it. */
const stream: Act = ({ live: run }, step) => {
  const block = run?.speech?.block
  if (!run?.speech || !block) return []
  const deltas: EventBody[] = []
  const size = 1 + (step.pick % 4)
  for (let from = 0; from < step.text.length; from += size) {
    const text = step.text.slice(from, from + size)
    deltas.push({ type: "delta", message: run.speech.id, block: block.index, at: block.text.length, text })
    block.text += text
  }
  return deltas
}

const finishBlock: Act = ({ live: run }) => {
  const block = run?.speech?.block
  if (!run?.speech || !block) return []
  run.speech.block = undefined
  const { index, kind, text } = block
  const content: Json =
    kind === "tool_call"
      ? { type: kind, id: run.calls.at(-1) ?? "", name: "look_up", args: { query: text } }
      : { type: kind, [kind]: text }
  return [output(run, { event: "content-block-finish", index, content })]
}

const finishSpeech: Act = ({ live: run, ...world }, step) => {
  if (!run?.speech || run.speech.block) return []
  const finished = output(run, { event: "message-finish" })
  run.speech = undefined
  return [finished, ...(step.pick % 2 ? checkpoint({ live: run, ...world }, step) : [])]
}

export const tool: Act = ({ live: run }, step) => {
  const call = run ? pick(run.calls, step) : undefined
  if (!run || call === undefined) return []
  const started = output(run, { event: "tool-started", tool_call_id: call, tool_name: "look_up" }, "tools")
  const failed = { event: "tool-error", tool_call_id: call, message: step.text }
  const finished = { event: "tool-finished", tool_call_id: call, output: { found: step.text } }
  return [started, output(run, step.pick % 3 ? finished : failed, "tools")]
}

export const checkpoint: Act = ({ live: run }, step) => {
  if (!run || run.speech) return []
  run.sinceCheckpoint = []
  return [output(run, { id: `cp-${step.pick}` }, "checkpoints")]
}

export const interrupt: Act = (world, step) => {
  const run = world.live
  if (!run || run.speech) return []
  const id = fresh(world, "i")
  world.asked.push({ run: run.id, interrupt: id })
  return [
    { type: "input.requested", time, run: run.id, interrupt: id, value: { question: step.text } },
    { type: "run.waiting", time, run: run.id },
  ]
}

export const end: Act = (world, step) => {
  const run = world.live?.id
  if (run === undefined) return []
  world.last = { run, messages: world.live?.sinceCheckpoint ?? [] }
  world.live = undefined
  world.asked = world.asked.filter((asked) => asked.run !== run)
  const outcome = (["completed", "stopped", "failed"] as const)[step.pick % 3] ?? "completed"
  return [{ type: "run.ended", time, run, outcome, ...(outcome === "failed" ? { error: step.text } : {}) }]
}

/** What a worker that is left alone does next: most of a conversation is this. */
export const work: Act = (world, step) => {
  const { live } = world
  const often = step.pick % 4 > 0
  if (!live) return attempt(world, step)
  if (!live.speech) return (often ? speak : end)(world, step)
  if (!live.speech.block) return (often ? startBlock : finishSpeech)(world, step)
  return (often ? stream : finishBlock)(world, step)
}
