/** The types of the schemas, without the schemas: importing this costs nothing at run time. */

export type {
  CheckpointEntry,
  ConversationEntry,
  DownFrame,
  DownFrameOf,
  DownFrameType,
  MemberEntry,
  ResultOf,
  SnapshotReason,
  Stored,
} from "./schema/down/index.ts"
export type { EventBody, EventOf, EventType, LogEvent, LogEventOf } from "./schema/events/index.ts"
export type { By, ForkOrigin, Role, WhenBusy } from "./schema/fields.ts"
export type {
  Block,
  ChatMessage,
  ConversationState,
  Interrupt,
  MessageStatus,
  Run,
  RunStatus,
} from "./schema/state.ts"
export type { UpFrame, UpFrameOf, UpFrameType } from "./schema/up/index.ts"

/** A value that survives JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
