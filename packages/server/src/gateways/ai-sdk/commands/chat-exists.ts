/** Whether there is a chat of this id that the person may look at: nothing is begun by looking. */
import { done, type Outcome } from "../../../core/outcome.ts"
import { enter, type ThreadPort } from "../../langgraph/commands/thread-port.ts"

export async function chatExists(port: ThreadPort): Promise<Outcome<boolean>> {
  const { directory } = port.core.engine
  if (await directory.role(port.thread, port.actor.user)) return done(true)
  if ((await directory.members(port.thread)).size === 0) return done(false)
  const entered = await enter(port)
  return entered.ok ? done(true) : entered
}
