/**
 * What travels on a partition's channel: one text, its parts on lines of their own.
 *
 *     conversation            as JSON, so that it is one line whatever it is called
 *     flags                   `r` runs were opened, `o` a run's output, `d` runs are done; `e`: no place in the log
 *     prev
 *     nonce of the append
 *     body
 *     body …
 *
 * Bodies are JSON text, which has no line breaks. After `e` the body follows at once.
 */
import type { Appended, AppendRequest, Entry } from "@everthread/engine"
import { cursorPattern, formatCursor, seqOf } from "@everthread/protocol"

export type Published =
  | { readonly kind: "appended"; readonly appended: Appended; readonly flags: string }
  | { readonly kind: "ephemeral"; readonly body: string }

/** @returns the lines that stand before `prev`, with their line breaks. */
export function headerOf(request: Pick<AppendRequest, "conversation" | "fence" | "runs">): string {
  const opened = request.runs?.some(({ state }) => state === "open") ? "r" : ""
  const done = request.runs?.some(({ state }) => state === "done") ? "d" : ""
  return `${JSON.stringify(request.conversation)}\n${request.fence ? "o" : ""}${opened}${done}\n`
}

export const ephemeralText = (conversation: string, body: string): string =>
  `${JSON.stringify(conversation)}\ne\n${body}`

/**
 * @param conversation what the first line says, which ends at `nameEnd`.
 * @returns `undefined` for what is not of ours: a channel is open to whoever can reach the server.
 */
export function parsePublished(text: string, conversation: string, nameEnd: number): Published | undefined {
  const flagsEnd = text.indexOf("\n", nameEnd + 1)
  if (nameEnd < 0 || flagsEnd < 0) return undefined
  const flags = text.slice(nameEnd + 1, flagsEnd)
  if (flags === "e") return { kind: "ephemeral", body: text.slice(flagsEnd + 1) }
  const prevEnd = text.indexOf("\n", flagsEnd + 1)
  const nonceEnd = prevEnd < 0 ? prevEnd : text.indexOf("\n", prevEnd + 1)
  if (nonceEnd < 0) return undefined
  const prev = text.slice(flagsEnd + 1, prevEnd)
  if (!cursorPattern.test(prev)) return undefined
  const entries = entriesOf(text, nonceEnd + 1, seqOf(prev) + 1, text.slice(prevEnd + 1, nonceEnd))
  // The last one has the nonce of all and the longest seq.
  if (!cursorPattern.test(entries.at(-1)?.cursor ?? "")) return undefined
  return { kind: "appended", appended: { conversation, prev, entries }, flags }
}

/** @param from where the first body begins. */
function entriesOf(text: string, from: number, firstSeq: number, nonce: string): Entry[] {
  const entries: Entry[] = []
  for (let start = from, seq = firstSeq; ; seq++) {
    const end = text.indexOf("\n", start)
    entries.push({ cursor: formatCursor(seq, nonce), seq, body: text.slice(start, end < 0 ? text.length : end) })
    if (end < 0) return entries
    start = end + 1
  }
}
