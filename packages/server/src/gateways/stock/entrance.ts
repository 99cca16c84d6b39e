/** The way into a thread for clients that do not know the word: who names one is in it, where they may be. */
import { done, type Outcome } from "../../core/outcome.ts"
import type { ThreadPort } from "./thread-port.ts"

/** Where everybody comes at once, some have to come again: stock clients would not do so by themselves. */
const entriesMax = 8
const pauseMsMax = 50

/** Who names a thread that is not there begins it, as their clients expect; with authentication off anybody may enter. */
export async function enter(port: ThreadPort, agent?: string): Promise<Outcome<{ readonly created: boolean }>> {
  const { run, thread, core } = port
  const join = { type: "join" as const, conversation: thread, ...(agent === undefined ? {} : { agent }) }
  for (let tries = 1; ; tries++) {
    const entered = await run(join)
    if (entered.ok || entered.error.code !== "unavailable" || tries === entriesMax) return entered
    await new Promise<void>((resolve) => {
      core.clock.startTimer(core.random.fraction() * tries * pauseMsMax, resolve)
    })
  }
}

/** Enters for those who only look: nothing is begun by it. @returns whether there is such a thread. */
export async function visit(port: ThreadPort): Promise<Outcome<boolean>> {
  const { directory } = port.core.engine
  if (await directory.role(port.thread, port.actor.user)) return done(true)
  if ((await directory.members(port.thread)).size === 0) return done(false)
  const entered = await enter(port)
  return entered.ok ? done(true) : entered
}
