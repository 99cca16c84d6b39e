/** What a stream tells: one run, or all of a thread. */
import { attachedAt, conversationView, runSoFar, runView, type View } from "@everthread/protocol/ag-ui"
import { stateForMember } from "../../core/commands/access.ts"
import { done, type Outcome } from "../../core/outcome.ts"
import { servedNames } from "../../core/served-agents.ts"
import { asContext, enter, type ThreadPort } from "../langgraph/commands/thread-port.ts"
import { idsOf, type RunInput } from "./input.ts"
import { startRun } from "./start-run.ts"
import type { StreamPlan } from "./thread-stream.ts"

/** Starts what the input asks for, or finds it where it was started before. */
export async function planRun(port: ThreadPort, input: RunInput, agent: string | null): Promise<Outcome<StreamPlan>> {
  const toldRun = await startRun(port, input, agent)
  if (!toldRun.ok) return toldRun
  const { run, since } = toldRun.result
  const { threadId, runId } = input
  const view: View = run === undefined ? { threadId, legOf: () => undefined } : runView(threadId, runId, run)
  return done({
    view,
    begin: (state) => {
      const answering = view.legOf(state)?.run ?? run
      return runSoFar(state, view, { leg: { threadId, runId, run: answering }, since, clientHas: idsOf(input) })
    },
    isOver: (state) => view.legOf(state) === undefined,
    isShared: false,
  })
}

/** Everything that happens, for as long as the connection is open. Who names a thread that is not there begins it. */
export async function planConnection(port: ThreadPort): Promise<Outcome<StreamPlan>> {
  const entered = await enter(port, (await servedNames(port.core.agents))[0])
  if (!entered.ok) return entered
  const member = await stateForMember(asContext(port), port.thread)
  if (!member.ok) return member
  const view = conversationView(port.thread)
  return done({ view, begin: (state) => attachedAt(state, view), isOver: () => false, isShared: true })
}
