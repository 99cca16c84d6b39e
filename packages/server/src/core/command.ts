/**
 * What a device may ask of the core, whatever protocol it speaks.
 *
 * The native protocol's requests without their ids, and two that only other gateways need: `join`
 * (become a member, or make the conversation) and `status`.
 */
import type { MemberEntry, ResultOf, Run, UpFrame, UpFrameOf, UpFrameType } from "@everthread/protocol"

type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, "id"> : never

/** Makes sure that the user is a member: creates a conversation that does not exist; with authentication off, lets anybody in. */
export interface Join {
  readonly type: "join"
  readonly conversation: string
  readonly agent?: string
}

/** What goes on in a conversation. */
export interface Status {
  readonly type: "status"
  readonly conversation: string
}

export interface StatusResult {
  readonly node: string
  readonly connections: number
  readonly runs: readonly Run[]
  /** Messages that the conversation has, the paged ones included. */
  readonly messageCount: number
  readonly members: readonly MemberEntry[]
}

export type Command = WithoutId<Exclude<UpFrame, UpFrameOf<"hello">>> | Join | Status
export type CommandType = Command["type"]
export type CommandOf<T extends CommandType> = Extract<Command, { type: T }>

/** What each command's reply carries. */
export type CommandResult<T extends CommandType> = T extends "join"
  ? { readonly created: boolean }
  : T extends "status"
    ? StatusResult
    : T extends Exclude<UpFrameType, "hello" | "typing">
      ? ResultOf<T>
      : Record<string, never>
