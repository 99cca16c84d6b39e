/** Commands that look at the thread: its state, its checkpoints, what its agent is doing. */
import { isOpen, limits } from "@everthread/protocol"
import type { Answer } from "@everthread/protocol/langgraph"
import { stateForMember } from "../../../core/commands/access.ts"
import { done, type Outcome } from "../../../core/outcome.ts"
import { asContext, type ThreadPort } from "../../stock/thread-port.ts"
import { threadState } from "../thread-state.ts"

export interface StateGet {
  readonly keys?: readonly string[] | undefined
}

export async function stateGet(port: ThreadPort, { keys }: StateGet): Promise<Outcome<Answer>> {
  const state = await threadState(port)
  if (!state.ok) return state
  const { values, checkpoint } = state.result
  const asked = keys ? Object.fromEntries(Object.entries(values).filter(([key]) => keys.includes(key))) : values
  const id = checkpoint.checkpoint_id
  return done({ result: { values: asked, ...(id === null ? {} : { checkpoint: { id } }) } })
}

export interface ListCheckpoints {
  readonly limit?: number | undefined
  readonly before?: string | undefined
}

export async function listCheckpoints(port: ThreadPort, params: ListCheckpoints): Promise<Outcome<Answer>> {
  const { limit = 20, before } = params
  const about = { conversation: port.thread, limit: Math.min(limit, limits.checkpointsPageMax) }
  const page = await port.run({ type: "checkpoints", ...about, ...(before === undefined ? {} : { before }) })
  if (!page.ok) return page
  const checkpoints = page.result.checkpoints.map(({ checkpoint, time, step, run }) => ({
    id: checkpoint,
    timestamp: new Date(time).toISOString(),
    step,
    ...(run === undefined ? {} : { metadata: { run_id: run } }),
  }))
  return done({ result: { checkpoints } })
}

const running = { queued: "started", running: "running", waiting: "interrupted" } as const

/** The root alone: what is below it is told by its own lifecycle. */
export async function tree(port: ThreadPort): Promise<Outcome<Answer>> {
  const state = await stateForMember(asContext(port), port.thread)
  if (!state.ok) return state
  const run = state.result.runs.find(isOpen) ?? state.result.runs.at(-1)
  const status = run ? (running[run.status as keyof typeof running] ?? "completed") : "completed"
  return done({ result: { tree: { namespace: [], status, graph_name: run?.agent ?? state.result.agent ?? "" } } })
}
