/** What is known at the end of a case about one conversation: what each device saw and did, and what the store holds. */
import type { ChatMessage, ConversationState, Cursor, LogEvent, SnapshotReason } from "@everthread/protocol"
import type { Change } from "./change.ts"

/** A frame or a snapshot, as it reached a device. */
export type Step =
  | {
      readonly type: "events"
      readonly prev: Cursor
      readonly cursor: Cursor
      readonly events: readonly LogEvent[]
    }
  | {
      readonly type: "snapshot"
      readonly reason: SnapshotReason
      readonly cursor: Cursor
      readonly messages: readonly ChatMessage[]
    }

/** What came over the wire of one subscription, before the device looked at it. */
export interface WireChain {
  /** Where the device said it was; `undefined`: nowhere. */
  readonly asked: Cursor | undefined
  readonly steps: readonly Step[]
}

/** A message that a writer has given to its device. */
export interface Sent {
  readonly text: string
  /** Its idempotency key, once it has gone out: how it is known when its text has been changed. */
  readonly key?: string | undefined
  /** The first acknowledgement; absent where the message was refused for good. */
  readonly ack: { readonly cursor: Cursor; readonly seq: number } | undefined
  /** How often it went out. */
  readonly times: number
  /** When it was given to the device and when it was acknowledged, by one clock for all devices; absent without one. */
  readonly writtenMs?: number
  readonly ackedMs?: number | undefined
  /** The code with which it was refused for good. */
  readonly refused?: string | undefined
  /** Written by a program that has ended since: whoever came after it does not know what was acknowledged. */
  readonly isOfEnded?: boolean
}

/** What a device shows at the end. */
export interface View {
  readonly cursor: Cursor | undefined
  readonly state: ConversationState
  /** All messages, to the first. */
  readonly messages: readonly ChatMessage[]
  /** Messages of its own that its log does not hold. */
  readonly pending: number
  /** `user/device` of everybody it takes for present. */
  readonly present: readonly string[]
}

export interface DeviceHistory {
  readonly user: string
  readonly device: string
  /** As the device applied them. */
  readonly steps: readonly Step[]
  readonly wire: readonly WireChain[]
  /** Also what the program had written before it was started again. */
  readonly sent: readonly Sent[]
  /** What was changed here of what was said; absent where nobody changes anything. */
  readonly changes?: readonly Change[]
  /** Absent where the program has ended, and another one has taken its place. */
  readonly end: View | undefined
}

export interface StoredEntry {
  readonly cursor: Cursor
  readonly event: LogEvent
}

export interface History {
  readonly conversation: string
  readonly devices: readonly DeviceHistory[]
  /** What the store still holds entry by entry, from the first or from where it was trimmed. */
  readonly log: readonly StoredEntry[]
  /** What a device shows that has never been here. */
  readonly fresh: View
  /** What was done at the store, noted apart from what the store makes of it; absent where nobody can look inside. */
  readonly deeds?: readonly Deed[]
  /** What tools have done to the world, in its order; absent where nobody has looked. */
  readonly tools?: readonly ToolDeed[]
}

/** A tool has done what must not be done twice, or what came of it is kept. */
export type ToolDeed =
  | { readonly type: "done"; readonly run: string; readonly key: string; readonly again: boolean }
  | { readonly type: "kept"; readonly run: string; readonly key: string }

/** A write that only an owner may make, and the claims that make owners. */
export type Deed =
  | { readonly type: "claim"; readonly conversation: string; readonly fence: FenceOf; readonly node: string }
  | { readonly type: "output"; readonly conversation: string; readonly fence: FenceOf; readonly seq: number }
  /** A tool was begun, or what came of it kept. */
  | { readonly type: "effect"; readonly conversation: string; readonly fence: FenceOf; readonly key: string }
  | {
      readonly type: "checkpoint"
      readonly conversation: string
      readonly fence: FenceOf
      readonly thread: string
      readonly id: string
      readonly parent: string | undefined
      /** Of the graph itself, and not of one inside it: the log names these. */
      readonly isRoot: boolean
    }

export interface FenceOf {
  readonly number: number
  readonly nonce: string
}

/** What the case did, as far as it decides what is right. */
export interface Expected {
  /** Whether a store may have gone back: then devices may be reset, and acknowledgements may name a place that is gone. */
  readonly rollback: boolean
  /** `user/device` of everybody who is connected at the end; `undefined` where that is not looked at. */
  readonly present: readonly string[] | undefined
  /** What the agent answers to a text, message by message, where it took in those others while it was at work. */
  readonly answer: (text: string, told: readonly string[]) => readonly string[]
}

export interface Finding {
  readonly law: string
  readonly conversation: string
  /** Whose history breaks it, where it is one device's. */
  readonly device?: string
  readonly what: string
}

export const nameOf = ({ user, device }: { readonly user: string; readonly device: string }): string =>
  `${user}/${device}`
