/** The snapshot of a conversation as a look sees it. (SPEC VER3) */
import { EngineError, type EngineReader, type Snapshot } from "@everthread/engine"
import { type ConversationState, cursorPattern, type Seq, seqOf } from "@everthread/protocol"
import type { Report } from "./finding.ts"

export interface StoredSnapshot {
  readonly cursor: string
  readonly seq: Seq
  readonly state: ConversationState
}

/** @returns what is stored, `undefined` where there is none, `unreadable` where what is there is not one. */
export async function readSnapshot(
  reader: EngineReader,
  conversation: string,
  report: Report,
): Promise<StoredSnapshot | "unreadable" | undefined> {
  const stored = await storedAt(reader, conversation)
  if (!stored) return undefined
  const state = parsed(stored)
  const seq = cursorPattern.test(stored.cursor) ? seqOf(stored.cursor) : 0
  if (state === undefined || seq === 0) {
    report("snapshot-astray", stored.cursor.slice(0, cursorCharsShown), "it cannot be read")
    return "unreadable"
  }
  return { cursor: stored.cursor, seq, state }
}

/** Of something that is no cursor. */
const cursorCharsShown = 40

async function storedAt(reader: EngineReader, conversation: string): Promise<Snapshot | undefined> {
  try {
    return await reader.log.snapshot(conversation)
  } catch (error) {
    if (error instanceof EngineError || !(error instanceof Error)) throw error
    return { cursor: "", state: "" }
  }
}

function parsed({ state }: Snapshot): ConversationState | undefined {
  try {
    const value = JSON.parse(state) as Partial<ConversationState> | null
    const isState = Array.isArray(value?.messages) && Array.isArray(value.runs) && typeof value.members === "object"
    return isState ? (value as ConversationState) : undefined
  } catch {
    return undefined
  }
}
