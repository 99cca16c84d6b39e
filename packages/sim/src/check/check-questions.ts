/** A question is asked once and answered once, and whoever was told that theirs is the answer wrote it. (SPEC RUN5) */
import type { Finding, History } from "../history/history.ts"

export function checkQuestions({ conversation, log }: History): Finding[] {
  const asked = new Set<string>()
  const answered = new Map<string, number>()
  const found: Finding[] = []
  const tell = (what: string) => void found.push({ law: "answered once", conversation, what })
  for (const { event } of log) {
    if (event.type === "input.requested") {
      if (asked.has(event.interrupt)) tell(`${event.interrupt} is asked again at ${event.seq}`)
      asked.add(event.interrupt)
    } else if (event.type === "input.responded") {
      const before = answered.get(event.interrupt)
      if (before !== undefined) tell(`${event.interrupt} is answered at ${before} and at ${event.seq}`)
      answered.set(event.interrupt, event.seq)
    }
  }
  return found
}
