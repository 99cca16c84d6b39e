/** What a command of a stock client works with: its thread, who asks, and the core's own commands. */
import { refusedByStore } from "../../../core/append.ts"
import type { CommandOf, CommandResult, CommandType } from "../../../core/command.ts"
import type { CommandContext, ConnectionPort } from "../../../core/commands/handler.ts"
import type { Actor, Core } from "../../../core/core.ts"
import { execute } from "../../../core/dispatch.ts"
import { done, type Outcome, type Refused, refused } from "../../../core/outcome.ts"

export interface ThreadPort {
  readonly core: Core
  readonly actor: Actor
  /** The conversation: LangGraph's `thread_id`. */
  readonly thread: string
  run<T extends CommandType>(command: CommandOf<T>): Promise<Outcome<CommandResult<T>>>
}

/** Commands of this protocol follow nothing: its streams do that. */
const noConnection: ConnectionPort = {
  subscribe: () => refused("not_subscribed"),
  unsubscribe: () => false,
  isSubscribed: () => false,
  renew: async () => refused("unauthorized"),
}

export function contextOf(core: Core, actor: Actor): CommandContext {
  return { core, actor, connection: noConnection }
}

export function threadPort(core: Core, actor: Actor, thread: string): ThreadPort {
  return { core, actor, thread, run: (command) => execute(contextOf(core, actor), command) }
}

export function asContext({ core, actor }: ThreadPort): CommandContext {
  return contextOf(core, actor)
}

/** Where everybody comes at once, some have to come again: stock clients would not do so by themselves. */
const entriesMax = 8
const pauseMsMax = 50

/** Who names a thread that is not there begins it, as LangGraph's clients expect; with authentication off anybody may enter. */
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

/** Like `enter`, for those who only look: nothing is begun by it. */
export async function visit(port: ThreadPort): Promise<Outcome<true>> {
  const { directory } = port.core.engine
  if (await directory.role(port.thread, port.actor.user)) return done(true)
  if ((await directory.members(port.thread)).size === 0) return noThread(port.thread)
  const entered = await enter(port)
  return entered.ok ? done(true) : entered
}

function noThread(thread: string): Refused {
  const message = `There is no thread ${JSON.stringify(thread)}; it begins with its first run.`
  return refused("not_found", { field: "thread_id", message })
}

/** @returns what the work comes to; where the store is away, or it fails, an outcome that says so. (SPEC CON6, STO3) */
export async function guarded<Result>(core: Core, work: () => Promise<Outcome<Result>>): Promise<Outcome<Result>> {
  try {
    return await work()
  } catch (error) {
    return failureOf(core, error)
  }
}

export function failureOf(core: Core, error: unknown): Refused {
  try {
    return refusedByStore(error)
  } catch {
    core.logger.error({ err: error }, "a request of a stock client failed")
    return refused("internal")
  }
}

/** A command of LangGraph's that has no meaning here. The field tells it from one that nobody knows. */
export function notSupported(field: string, message: string): Refused {
  return refused("unknown_command", { field, message })
}
