/** What a run does: wait in the queue, be tried, speak, ask, be taken over, end. */
import * as z from "zod"
import { by, id, json, seq, time, whenBusy } from "../fields.ts"

/** What a run is to answer was answered before, by a run whose answer was taken back. */
export const runAgain = z.object({
  run: id,
  /** The checkpoint at which the agent's thread is to stand, empty for none; without it, where it stands. */
  from: z.string().optional(),
})

/** Asks for a run. Whoever serves the agent claims it; until then it stands in the queue. */
export const runQueued = z.object({
  type: z.literal("run.queued"),
  time,
  by,
  run: id,
  agent: id,
  message: id,
  /** `steer`: a run of the same agent that is under way takes the message in, if it comes to that before it ends. */
  whenBusy: whenBusy.optional(),
  again: runAgain.optional(),
})

/** A worker owns the run and starts to work on it. `attempt` counts from 1. */
export const runAttempt = z.object({
  type: z.literal("run.attempt"),
  time,
  run: id,
  attempt: z.int().min(1),
  node: id,
})

/** The run has nothing to do until its open interrupts are answered. */
export const runWaiting = z.object({ type: z.literal("run.waiting"), time, run: id })

/** `merged`: the run that was under way took the message in and answers it. */
export const runOutcome = z.enum(["completed", "stopped", "failed", "merged"])

/** The last event of a run: nothing of it comes after. */
export const runEnded = z.object({
  type: z.literal("run.ended"),
  time,
  run: id,
  outcome: runOutcome,
  /** What went wrong, in words for a person; with `failed` only. */
  error: z.string().optional(),
  /** The run that took its message in; with `merged` only. */
  into: id.optional(),
})

/**
 * The run goes on from a checkpoint, and these messages, shown since it, are taken back: the next
 * attempt says them anew, under other ids.
 */
export const rewind = z.object({
  type: z.literal("rewind"),
  time,
  run: id,
  attempt: z.int().min(1),
  messages: z.array(id),
})

/** What a question may say beside its value. */
export const question = {
  /** The JSON Schema that an answer has to fit. */
  schema: z.record(z.string(), json).optional(),
  /** When nobody needs to answer any more, by the servers' clocks. */
  expiresAt: time.optional(),
  /** The answer that is taken then; without one it is `null`. */
  default: json.optional(),
} as const

/** The graph asks a person. `value` is what its author gave to `interrupt()`. */
export const inputRequested = z.object({
  type: z.literal("input.requested"),
  time,
  run: id,
  interrupt: id,
  value: json,
  ...question,
})

/**
 * A body of LangChain's Agent Streaming Protocol, as `streamEvents(…, {version: "v3"})` emits it.
 * https://github.com/langchain-ai/agent-protocol (streaming), package `@langchain/protocol`
 */
export const agentOutput = z.object({
  type: z.literal("agent"),
  time,
  run: id,
  method: z.enum(["messages", "tools", "lifecycle", "checkpoints", "custom"]),
  /** The path of `node:task` pairs from the root graph to the node that speaks; empty for the root. */
  ns: z.array(z.string()),
  /**
   * With a message that begins inside a subgraph: for each part of `ns` behind the first, which superstep of its graph
   * runs that task. It is over when a checkpoint of that graph has this step.
   */
  steps: z.array(z.int()).optional(),
  node: z.string().optional(),
  /** The message this belongs to, with method `messages`: unique in the conversation. */
  message: id.optional(),
  data: z.record(z.string(), json),
})

/**
 * More text of a block of an assistant's message. `at` says where in the block it starts, in UTF-16
 * code units, so that applying it twice changes nothing and neighbours can be joined. It carries no
 * time, no run and no path: those stand at the message's start, and a token should be cheap.
 */
export const delta = z.object({
  type: z.literal("delta"),
  message: id,
  block: z.int().min(0),
  at: seq,
  text: z.string(),
})
