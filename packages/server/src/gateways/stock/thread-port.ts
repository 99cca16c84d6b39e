/** What a command of a stock client works with: its thread, who asks, and the core's own commands. */
import type { CommandOf, CommandResult, CommandType } from "../../core/command.ts"
import type { CommandContext, ConnectionPort } from "../../core/commands/handler.ts"
import type { Actor, Core } from "../../core/core.ts"
import { execute } from "../../core/dispatch.ts"
import { type Outcome, refused } from "../../core/outcome.ts"

export interface ThreadPort {
  readonly core: Core
  readonly actor: Actor
  /** The conversation. */
  readonly thread: string
  run<T extends CommandType>(command: CommandOf<T>): Promise<Outcome<CommandResult<T>>>
}

/** Commands of these protocols follow nothing: their streams do that. */
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
