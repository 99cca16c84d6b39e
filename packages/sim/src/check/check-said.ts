/**
 * What a run says is in the log once: each message begins once, and each piece of its text where the piece before it
 * ended. An owner's append that was repeated and stored twice would change nothing that is shown. (SPEC FRM4, RUN2)
 */
import type { Finding, History } from "../history/history.ts"

export function checkSaid({ conversation, log }: History): Finding[] {
  const begun = new Set<string>()
  const ends = new Map<string, number>()
  const found: Finding[] = []
  const tell = (what: string) => void found.push({ law: "said once", conversation, what })
  for (const { event } of log) {
    if (event.type === "agent" && event.message !== undefined && event.data["event"] === "message-start") {
      if (begun.has(event.message)) tell(`${event.message} begins again at ${event.seq}`)
      begun.add(event.message)
    }
    // Of a message whose beginning is not kept any more nobody knows how far it had come.
    if (event.type !== "delta" || !begun.has(event.message)) continue
    const block = `${event.message} ${event.block}`
    const end = ends.get(block) ?? 0
    if (event.at !== end) tell(`${event.seq} goes on at ${event.at} of ${event.message}, which had come to ${end}`)
    ends.set(block, event.at + event.text.length)
  }
  return found
}
