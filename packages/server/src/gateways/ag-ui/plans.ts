/** What a stream tells: one run, or all of a thread. */
import { idsOf, planOfRun, planOfThread } from "@everthread/protocol/ag-ui"
import { stateForMember } from "../../core/commands/access.ts"
import { done, type Outcome } from "../../core/outcome.ts"
import { servedNames } from "../../core/served-agents.ts"
import { enter } from "../stock/entrance.ts"
import { asContext, type ThreadPort } from "../stock/thread-port.ts"
import type { RunInput } from "./input.ts"
import { startRun } from "./start-run.ts"
import type { StreamPlan } from "./thread-stream.ts"

/** Starts what the input asks for, or finds it where it was started before. */
export async function planRun(port: ThreadPort, input: RunInput, agent: string | null): Promise<Outcome<StreamPlan>> {
  const told = await startRun(port, input, agent)
  if (!told.ok) return told
  const { threadId, runId, messages } = input
  return done({ ...planOfRun({ threadId, runId, ...told.result, clientHas: idsOf(messages) }), isShared: false })
}

/** Everything that happens, for as long as the connection is open. Who names a thread that is not there begins it. */
export async function planConnection(port: ThreadPort): Promise<Outcome<StreamPlan>> {
  const entered = await enter(port, (await servedNames(port.core.agents))[0])
  if (!entered.ok) return entered
  const member = await stateForMember(asContext(port), port.thread)
  return member.ok ? done({ ...planOfThread(port.thread), isShared: true }) : member
}
