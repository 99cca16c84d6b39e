/** What a handler is given, and what it answers. No handler touches a socket. */
import type { Stored } from "@everthread/protocol"
import type { Admission } from "../admission.ts"
import type { CommandOf, CommandResult, CommandType } from "../command.ts"
import type { Actor, Core } from "../core.ts"
import type { Outcome } from "../outcome.ts"

/** What the connection that a command came over can do for it. */
export interface ConnectionPort {
  /**
   * Prepares to follow a conversation; `start` begins to deliver.
   * @param admission what the store has just said of the user, where it was asked.
   */
  subscribe(conversation: string, cursor: string | undefined, admission?: Admission): Outcome<{ start: () => void }>
  /** @returns whether it was subscribed. */
  unsubscribe(conversation: string): boolean
  isSubscribed(conversation: string): boolean
  /** Checks a fresh token of the same user and lives as long as it does. */
  renew(token: string): Promise<Outcome<{ expiresAt?: number }>>
}

export interface CommandContext {
  readonly core: Core
  readonly actor: Actor
  readonly connection: ConnectionPort
}

export type Handler<T extends CommandType> = (
  context: CommandContext,
  command: CommandOf<T>,
) => Promise<Outcome<CommandResult<T>>>

/** The handlers of some commands, as one file of them exports. */
export type HandlersOf<T extends CommandType> = { readonly [K in T]: Handler<K> }

export type StoredOutcome = Promise<Outcome<Stored>>
