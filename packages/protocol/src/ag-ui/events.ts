/**
 * The events and messages of AG-UI 1.0 that a conversation is told in. Types alone, written down from the protocol, so that
 * nothing of its packages is needed to speak it.
 * https://docs.ag-ui.com/concepts/events, package `@ag-ui/core`
 */
import type { Json } from "../types.ts"

type Fields = { readonly [field: string]: Json }

/** What only Everthread knows of an event or a message. */
export interface Metadata {
  readonly everthread: Fields
}

export interface AgUiToolCall {
  readonly id: string
  readonly type: "function"
  readonly function: { readonly name: string; readonly arguments: string }
  readonly metadata?: Metadata
}

export type AgUiMessage =
  | {
      readonly id: string
      readonly role: "user"
      readonly content: string
      readonly name?: string
      readonly metadata?: Metadata
    }
  | {
      readonly id: string
      readonly role: "assistant"
      readonly content?: string
      readonly name?: string
      readonly toolCalls?: readonly AgUiToolCall[]
    }
  | {
      readonly id: string
      readonly role: "tool"
      readonly toolCallId: string
      readonly content: string
      readonly error?: string
    }
  | { readonly id: string; readonly role: "reasoning"; readonly content: string }

export interface AgUiInterrupt {
  readonly id: string
  readonly reason: string
  readonly message?: string
  readonly responseSchema?: Fields
  readonly expiresAt?: string
  readonly metadata: Metadata
}

export type Outcome =
  | { readonly type: "success" }
  | { readonly type: "cancelled" }
  | { readonly type: "interrupt"; readonly interrupts: readonly AgUiInterrupt[] }

/** What a run was asked, for those who did not ask it. */
export interface InputEcho {
  readonly threadId: string
  readonly runId: string
  readonly messages: readonly AgUiMessage[]
  readonly tools: readonly []
  readonly context: readonly []
}

interface RunPlace {
  readonly threadId: string
  readonly runId: string
}

interface OfMessage {
  readonly messageId: string
}

interface OfCall {
  readonly toolCallId: string
}

export type AgUiEvent =
  | (RunPlace & {
      readonly type: "RUN_STARTED"
      readonly protocolVersion: string
      readonly input?: InputEcho
      readonly metadata?: Metadata
    })
  | (RunPlace & { readonly type: "RUN_FINISHED"; readonly outcome: Outcome })
  | { readonly type: "RUN_ERROR"; readonly message: string; readonly code: string }
  | { readonly type: "STEP_STARTED" | "STEP_FINISHED"; readonly stepName: string }
  | { readonly type: "MESSAGES_SNAPSHOT"; readonly messages: readonly AgUiMessage[] }
  | (OfMessage & { readonly type: "TEXT_MESSAGE_START"; readonly role: "assistant"; readonly name?: string })
  | (OfMessage & { readonly type: "TEXT_MESSAGE_CONTENT" | "REASONING_MESSAGE_CONTENT"; readonly delta: string })
  | (OfMessage & { readonly type: "TEXT_MESSAGE_END" | "REASONING_MESSAGE_END" })
  | (OfMessage & { readonly type: "REASONING_START" | "REASONING_END" })
  | (OfMessage & { readonly type: "REASONING_MESSAGE_START"; readonly role: "reasoning" })
  | (OfCall & {
      readonly type: "TOOL_CALL_START"
      readonly toolCallName: string
      readonly parentMessageId: string
      readonly metadata?: Metadata
    })
  | (OfCall & { readonly type: "TOOL_CALL_ARGS"; readonly delta: string })
  | (OfCall & { readonly type: "TOOL_CALL_END" })
  | (OfCall & OfMessage & { readonly type: "TOOL_CALL_RESULT"; readonly role: "tool"; readonly content: string })
  | { readonly type: "CUSTOM"; readonly name: string; readonly value: Json }

/** The version of the protocol that this speaks. */
export const agUiVersion = "1.0"
