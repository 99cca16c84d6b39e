/**
 * Events as Server-Sent Events: of a connection to a thread made once, however many follow it. (SPEC DLV1)
 *
 * The last event of an entry has the entry's cursor as its id, and the others have none: a client that was cut off within an
 * entry goes on before it. (SPEC AGU5)
 */
import { type ConversationState, type Cursor, emptyState, reduce } from "@everthread/protocol"
import { type AgUiEvent, conversationView, toldOf, type View } from "@everthread/protocol/ag-ui"
import type { Encoder, LogFrame } from "../../core/log-frame.ts"

/** @param cursor of the entry that they all belong to. */
export function bytesOf(events: readonly AgUiEvent[], cursor: Cursor | undefined): Uint8Array | undefined {
  if (events.length === 0) return undefined
  const last = events.length - 1
  const id = (at: number) => (at === last && cursor !== undefined ? `id: ${cursor}\n` : "")
  return Buffer.from(events.map((event, at) => `${id(at)}data: ${JSON.stringify(event)}\n\n`).join(""))
}

export interface ToldFrame {
  readonly bytes: Uint8Array | undefined
  readonly after: ConversationState
}

/** @param isOver whether what follows is not to be told. */
export function tellFrame(frame: LogFrame, view: View, isOver: (state: ConversationState) => boolean): ToldFrame {
  let state = frame.before ?? emptyState
  const pieces: Uint8Array[] = []
  for (const { cursor, event } of frame.entries) {
    const before = state
    state = reduce(before, event)
    const bytes = bytesOf(toldOf(event, before, state, view), cursor)
    if (bytes) pieces.push(bytes)
    if (isOver(state)) break
  }
  return { bytes: pieces.length > 0 ? Buffer.concat(pieces) : undefined, after: state }
}

export const conversationEncoder: Encoder = {
  encode: (conversation, frame) => tellFrame(frame, conversationView(conversation), () => false).bytes,
}
