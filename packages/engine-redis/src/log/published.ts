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
import { formatCursor, seqOf } from "@everthread/protocol"

export type Published =
  | { readonly kind: "appended"; readonly appended: Appended; readonly flags: string }
  | { readonly kind: "ephemeral"; readonly conversation: string; readonly body: string }

/** @returns the lines that stand before `prev`, with their line breaks. */
export function headerOf(request: Pick<AppendRequest, "conversation" | "fence" | "runs">): string {
  const opened = request.runs?.some(({ state }) => state === "open") ? "r" : ""
  const done = request.runs?.some(({ state }) => state === "done") ? "d" : ""
  return `${JSON.stringify(request.conversation)}\n${request.fence ? "o" : ""}${opened}${done}\n`
}

export const ephemeralText = (conversation: string, body: string): string =>
  `${JSON.stringify(conversation)}\ne\n${body}`

/** @returns `undefined` for what is not of ours: a channel is open to whoever can reach the server. */
export function parsePublished(text: string): Published | undefined {
  const nameEnd = text.indexOf("\n")
  const flagsEnd = text.indexOf("\n", nameEnd + 1)
  if (nameEnd < 0 || flagsEnd < 0) return undefined
  const conversation = parseName(text.slice(0, nameEnd))
  if (conversation === undefined) return undefined
  const flags = text.slice(nameEnd + 1, flagsEnd)
  if (flags === "e") return { kind: "ephemeral", conversation, body: text.slice(flagsEnd + 1) }
  const [prev, nonce, ...bodies] = text.slice(flagsEnd + 1).split("\n")
  if (prev === undefined || nonce === undefined || bodies.length === 0) return undefined
  const first = seqOf(prev) + 1
  const entries: Entry[] = bodies.map((body, index) => {
    const seq = first + index
    return { cursor: formatCursor(seq, nonce), seq, body }
  })
  return { kind: "appended", appended: { conversation, prev, entries }, flags }
}

function parseName(text: string): string | undefined {
  try {
    const name: unknown = JSON.parse(text)
    return typeof name === "string" ? name : undefined
  } catch {
    return undefined
  }
}
