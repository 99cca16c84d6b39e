/** The native protocol's frames as bytes. What a log holds is stored as the JSON text that travels, so it is not built again. */
import type { Cursor, DownFrame, SnapshotReason } from "@everthread/protocol"
import { textFrame } from "../../connection/ws-frame.ts"
import type { Encoder, FrameEntry, LogFrame } from "../../core/log-frame.ts"

export function encodeFrame(frame: DownFrame): Uint8Array {
  return textFrame(JSON.stringify(frame))
}

let lastEphemeral: { conversation: string; body: string; bytes: Uint8Array } = {
  conversation: "",
  body: "",
  bytes: new Uint8Array(),
}

/**
 * What is published beside the log travels as it is, and says where it belongs. Everybody who follows a conversation is told
 * one after the other, so that the bytes of the last one are nearly always those that are asked for. (SPEC DLV1)
 *
 * @param body an object with at least one field, as JSON text.
 */
export function encodeEphemeral(conversation: string, body: string): Uint8Array {
  if (lastEphemeral.conversation !== conversation || lastEphemeral.body !== body) {
    const bytes = textFrame(`${body.slice(0, -1)},"conversation":${JSON.stringify(conversation)}}`)
    lastEphemeral = { conversation, body, bytes }
  }
  return lastEphemeral.bytes
}

/** Shared by every native connection, so that a frame is encoded once for all of them. (SPEC DLV1) */
export const eventsEncoder: Encoder = {
  encode(conversation: string, frame: LogFrame): Uint8Array {
    const { prev, cursor, entries, alias } = frame
    const events = entries.map(eventText).join(",")
    const id = JSON.stringify(conversation)
    const as = alias !== undefined && frame.endsInDelta ? `,"as":${alias}` : ""
    return textFrame(
      `{"type":"events","conversation":${id},"prev":"${prev}","cursor":"${cursor}","events":[${events}]${as}}`,
    )
  },
}

/** More text of what was being said: the other side works out the rest. (SPEC FRM5) */
export const leanEncoder: Encoder = {
  encode: (_conversation, { alias, lean }) => textFrame(`[${alias},${JSON.stringify(lean)}]`),
}

/** The stored text with its place put in front. */
function eventText(entry: FrameEntry): string {
  return `{"seq":${entry.seq},${entry.body.slice(1)}`
}

export function encodeSnapshot(
  conversation: string,
  reason: SnapshotReason,
  cursor: Cursor,
  stateJson: string,
): Uint8Array {
  const id = JSON.stringify(conversation)
  return textFrame(
    `{"type":"snapshot","conversation":${id},"reason":"${reason}","cursor":"${cursor}","state":${stateJson}}`,
  )
}
