/** What somebody changes of what was said: edits it, takes it back, reacts to it, or takes the reaction back. */
import type { By, LogEvent, UpFrame } from "@everthread/protocol"
import { nameOf } from "./history.ts"

export type WhatChanged =
  | { readonly type: "edit"; readonly message: string; readonly text: string }
  | { readonly type: "redaction"; readonly message: string }
  | { readonly type: "reaction"; readonly message: string; readonly reaction: string; readonly on: boolean }

/** A change that somebody has given to a device. No device asks for the very same one twice. */
export interface Change {
  readonly what: WhatChanged
  /** The first acknowledgement; with neither of the two nobody can say whether it was done. */
  readonly ack: { readonly cursor: string; readonly seq: number } | undefined
  /** The code with which it was refused for good. */
  readonly refused?: string | undefined
  /** The same of a repeat, which is sent of what was acknowledged where a store seems to have lost it. */
  readonly refusedLater?: string | undefined
}

export type ChangeEvent = LogEvent & { readonly type: WhatChanged["type"]; readonly by: By }

const changeTypes: ReadonlySet<string> = new Set<WhatChanged["type"]>(["edit", "redaction", "reaction"])

export function isChange(event: LogEvent): event is ChangeEvent {
  return changeTypes.has(event.type)
}

/** What it is known by among all of one conversation. */
export function changeName(by: By, what: WhatChanged): string {
  return `${nameOf(by)}: ${wordsOf(what)}`
}

export function wordsOf(what: WhatChanged): string {
  if (what.type === "edit") return `edit of ${what.message} to ${JSON.stringify(what.text)}`
  if (what.type === "redaction") return `redaction of ${what.message}`
  return `reaction ${what.reaction} ${what.on ? "to" : "taken back from"} ${what.message}`
}

/** What a frame asks to be changed, if it does. */
export function changeIn(frame: UpFrame): WhatChanged | undefined {
  if (frame.type === "edit") return { type: "edit", message: frame.message, text: frame.text }
  if (frame.type === "redact") return { type: "redaction", message: frame.message }
  if (frame.type !== "react") return undefined
  const { message, reaction, on } = frame
  return { type: "reaction", message, reaction, on }
}
