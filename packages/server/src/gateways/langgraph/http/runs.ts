/** Runs of a thread, in the shape of LangGraph's `Run`. */
import type { ConversationState, Run } from "@everthread/protocol"
import { valuesOf } from "@everthread/protocol/langgraph"
import { stateForMember } from "../../../core/commands/access.ts"
import { freshIdChars } from "../../../core/core.ts"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { checkedParams } from "../../stock/checked-params.ts"
import { asContext } from "../../stock/thread-port.ts"
import { notSupported } from "../commands/not-supported.ts"
import { runStartSchema, startRun } from "../commands/run-start.ts"
import { pageOf } from "./page.ts"
import type { StockHandler, StockRequest } from "./request.ts"
import { portOf } from "./threads.ts"

const statuses = {
  queued: "pending",
  running: "running",
  waiting: "interrupted",
  completed: "success",
  merged: "success",
  stopped: "interrupted",
  failed: "error",
} as const

function plainRun(thread: string, { messages }: ConversationState, run: Run): object {
  const asked = messages.filter(({ id }) => id === run.message)
  const date = new Date(asked[0]?.time ?? 0).toISOString()
  return {
    run_id: run.id,
    thread_id: thread,
    assistant_id: run.agent,
    status: statuses[run.status],
    created_at: date,
    updated_at: date,
    metadata: {},
    kwargs: { input: valuesOf({ messages: asked }) },
    multitask_strategy: run.whenBusy ?? "enqueue",
  }
}

/** Like `run.start`; what it comes to is told by the thread's events. */
export const createRun: StockHandler = async (request) => {
  const { multitask_strategy: multitaskStrategy, checkpoint_id: checkpoint, ...body } = request.body
  if (checkpoint !== undefined)
    return notSupported("checkpoint_id", "A thread goes on from where it is; copy it, and start a run there.")
  if (body["command"] !== undefined) return notSupported("command", "A question is answered with input.respond.")
  const port = portOf(request)
  const read = checkedParams(runStartSchema, { ...body, multitaskStrategy })
  if (!read.ok) return read
  const started = await startRun(port, read.result)
  if (!started.ok) return started
  return answerRun(request, started.result.run?.id ?? "")
}

export const listRuns: StockHandler = async (request) => {
  const page = pageOf(request)
  if (!page.ok) return page
  const state = await stateOf(request)
  if (!state.ok) return state
  const status = request.query.get("status")
  const found = state.result.runs.filter((run) => status === null || statuses[run.status] === status)
  const { offset, limit } = page.result
  const newestFirst = [...found].sort((a, b) => b.seq - a.seq)
  return done(
    newestFirst.slice(offset, offset + limit).map((run) => plainRun(portOf(request).thread, state.result, run)),
  )
}

export const getRun: StockHandler = (request) => answerRun(request, request.names["run_id"] ?? "")

async function answerRun(request: StockRequest, id: string): Promise<Outcome<object>> {
  const state = await stateOf(request)
  if (!state.ok) return state
  const run = state.result.runs.find((held) => held.id === id)
  return run ? done(plainRun(portOf(request).thread, state.result, run)) : noRun(id)
}

/** Stops it for everybody; what it has said stays. */
export const cancelRun: StockHandler = async (request) => {
  if (request.query.get("action") === "rollback")
    return notSupported("action", "What was said stays in the log: interrupt the run.")
  const port = portOf(request)
  const key = port.core.random.id(freshIdChars)
  const stopped = await port.run({ type: "stop", conversation: port.thread, key, run: request.names["run_id"] ?? "" })
  // It is over either way.
  return stopped.ok || stopped.error.code === "run_ended" ? done({}) : stopped
}

function stateOf(request: StockRequest): Promise<Outcome<ConversationState>> {
  const port = portOf(request)
  return stateForMember(asContext(port), port.thread)
}

function noRun(id: string): Outcome<never> {
  const message = `There is no run ${JSON.stringify(id.slice(0, 64))} here, or it has ended long ago.`
  return refused("not_found", { field: "run", message })
}
