/**
 * The table of handlers, and the one place that calls them.
 *
 * The table's type has one handler for each command: the compiler refuses a hole. Whatever a handler
 * throws ends here, as an outcome and a line in the log, so that no request harms the process. (SPEC CON6)
 */

import { type KeyedCommand, outcomeOfRepeat, refusedByStore } from "./append.ts"
import type { Command, CommandOf, CommandResult, CommandType } from "./command.ts"
import { checkpointHandlers } from "./commands/checkpoints.ts"
import { connectionHandlers } from "./commands/connection.ts"
import { conversationHandlers } from "./commands/conversations.ts"
import type { CommandContext, Handler } from "./commands/handler.ts"
import { tooManyChanges } from "./commands/limited-by.ts"
import { memberHandlers } from "./commands/members.ts"
import { messageHandlers } from "./commands/messages.ts"
import { queueHandlers } from "./commands/queue.ts"
import { regenerateHandlers } from "./commands/regenerate.ts"
import { runHandlers } from "./commands/runs.ts"
import { type Outcome, refused } from "./outcome.ts"

type Handlers = { readonly [T in CommandType]: Handler<T> }

const handlers: Handlers = {
  ...connectionHandlers,
  ...conversationHandlers,
  ...memberHandlers,
  ...messageHandlers,
  ...checkpointHandlers,
  ...queueHandlers,
  ...runHandlers,
  ...regenerateHandlers,
}

export async function execute<T extends CommandType>(
  context: CommandContext,
  command: CommandOf<T>,
): Promise<Outcome<CommandResult<T>>> {
  const handler = handlers[command.type as T] as unknown as (
    context: CommandContext,
    command: Command,
  ) => Promise<Outcome<CommandResult<T>>>
  try {
    const limited = (await tooManyChanges(context, command.type)) as Outcome<CommandResult<T>> | undefined
    const outcome = limited ?? (await handler(context, command))
    if (outcome.ok || !isKeyed(command)) return outcome
    return (
      ((await outcomeOfRepeat(context.core, context.actor, command, command.conversation)) as
        | typeof outcome
        | undefined) ?? outcome
    )
  } catch (error) {
    return outcomeOfFailure(context, command, error)
  }
}

function isKeyed(command: Command): command is Command & KeyedCommand {
  return "key" in command && "conversation" in command && command.conversation !== undefined
}

function outcomeOfFailure(context: CommandContext, command: Command, error: unknown): Outcome<never> {
  try {
    return refusedByStore(error)
  } catch {
    context.core.logger.error({ err: error, command: command.type, user: context.actor.user }, "a handler failed")
    return refused("internal")
  }
}
