/** Stops a run for everybody; what it has said stays. AG-UI's own client can only end its request, which stops nothing. */
import { type ConversationState, isOpen } from "@everthread/protocol"
import { messageOfClientId } from "@everthread/protocol/ag-ui"
import type * as z from "zod"
import { findForMember } from "../../core/commands/access.ts"
import { freshIdChars } from "../../core/core.ts"
import { done, type Outcome, refused } from "../../core/outcome.ts"
import { asContext, type ThreadPort } from "../stock/thread-port.ts"
import type { stopSchema } from "./input.ts"

type Named = Pick<z.infer<typeof stopSchema>, "runId" | "messageId">

export async function stopRun(port: ThreadPort, named: Named): Promise<Outcome<{ readonly runId: string }>> {
  const run = await find(port, named)
  if (!run.ok) return run
  const key = port.core.random.id(freshIdChars)
  const stopped = await port.run({ type: "stop", conversation: port.thread, key, run: run.result })
  // It is over either way.
  if (!stopped.ok && stopped.error.code !== "run_ended") return stopped
  return done({ runId: run.result })
}

/** By its own id, by the message that it answers, or else the oldest that is open. */
async function find(port: ThreadPort, named: Named): Promise<Outcome<string>> {
  const lookup = await findForMember(asContext(port), port.thread, (state) => runNamed(state, named))
  if (!lookup.ok) return lookup
  const { found } = lookup.result
  return found === undefined ? noRun(named) : done(found)
}

function runNamed(state: ConversationState, { runId, messageId }: Named): string | undefined {
  const { runs } = state
  if (runId) return runs.find(({ id }) => id === runId)?.id
  if (!messageId) return runs.find(isOpen)?.id
  const message = messageOfClientId(state, messageId)
  return runs.find((run) => run.message === message?.id)?.id
}

function noRun({ runId, messageId }: Named): Outcome<never> {
  if (!runId && !messageId)
    return refused("not_found", { field: "threadId", message: "threadId: no run is open in it" })
  const field = runId ? "runId" : "messageId"
  const message = `${field}: there is no such run here, or it ended long ago; name it as RUN_STARTED's metadata does`
  return refused("not_found", { field, message })
}
