/**
 * Runs end, once; attempts are counted; one that was taken over says nothing more; and what is left of an answer is
 * the answer, whole and once, however often it was begun, to all that it took in. (SPEC RUN2, RUN3, RUN7, QUE5)
 */
import { type ChatMessage, isOpen, type LogEvent, textOf } from "@everthread/protocol"
import type { Expected, Finding, History } from "../history/history.ts"
import { isSame } from "./same.ts"

type Found = Omit<Finding, "conversation" | "device">

export function checkRuns(history: History, expected: Expected): Finding[] {
  const { conversation, log, fresh } = history
  const found = [
    ...fresh.state.runs.filter(isOpen).map(({ id, status }) => ({ law: "runs end", what: `${id} is ${status}` })),
    ...[...runsIn(log.map(({ event }) => event))].flatMap(([id, run]) => runFaults(id, run)),
    ...answers(history, expected),
  ]
  return found.map((one) => ({ conversation, ...one }))
}

interface RunRecord {
  ends: number
  readonly attempts: number[]
  isLastTheEnd: boolean
  /** In which attempt each message was begun. */
  readonly begun: Map<string, number>
  readonly stale: string[]
}

/** Those whose beginning the log still holds, each with what is said of it, in one pass. */
function runsIn(events: readonly LogEvent[]): ReadonlyMap<string, RunRecord> {
  const runs = new Map<string, RunRecord>()
  const runOf = new Map<string, string>()
  for (const event of events) {
    if (event.type === "run.queued") {
      runs.set(event.run, { ends: 0, attempts: [], isLastTheEnd: false, begun: new Map(), stale: [] })
    }
    if (event.type === "agent" && event.message !== undefined) runOf.set(event.message, event.run)
    const id = event.type === "delta" ? runOf.get(event.message) : "run" in event ? event.run : undefined
    const run = id === undefined ? undefined : runs.get(id)
    if (run && id !== undefined) take(run, id, event)
  }
  return runs
}

function take(run: RunRecord, id: string, event: LogEvent): void {
  // Asking for a stop is no word of the run's own.
  if (event.type !== "run.stop") run.isLastTheEnd = event.type === "run.ended"
  if (event.type === "run.ended") run.ends += 1
  if (event.type === "run.attempt") run.attempts.push(event.attempt)
  const message = event.type === "delta" || event.type === "agent" ? event.message : undefined
  if (message === undefined) return
  // What an attempt had begun to say and not finished is over when the next attempt begins.
  const attempt = run.attempts.at(-1) ?? 0
  const of = run.begun.get(message) ?? attempt
  run.begun.set(message, of)
  if (of !== attempt) run.stale.push(`attempt ${of} of ${id} wrote ${event.seq} in attempt ${attempt}`)
}

function runFaults(id: string, { ends, attempts, isLastTheEnd, stale }: RunRecord): Found[] {
  const found: Found[] = []
  if (ends !== 1) found.push({ law: "runs end", what: `${id} ended ${ends} times` })
  if (!isLastTheEnd) found.push({ law: "runs end", what: `${id} went on after its end` })
  if (attempts.some((attempt, index) => attempt !== index + 1)) {
    found.push({ law: "attempts", what: `${id} was tried as ${attempts.join(", ")}` })
  }
  return [...found, ...stale.map((what) => ({ law: "one owner", what }))]
}

function answers({ fresh }: History, { answer }: Expected): Found[] {
  const byId = new Map(fresh.messages.map((message) => [message.id, message]))
  const said = saidBy(fresh.messages)
  const toldTo = (id: string) => {
    const taken = fresh.state.runs.filter(({ status, into }) => status === "merged" && into === id)
    return taken.flatMap(({ message }) => byId.get(message)?.text ?? [])
  }
  return fresh.state.runs.flatMap((run): Found[] => {
    const asked = byId.get(run.message)
    const texts = said.get(run.id) ?? []
    if ((run.status === "stopped" && run.stopBy) || run.status === "merged") return []
    if (run.status !== "completed") return [{ law: "answer", what: `${run.id} is ${run.status}: ${run.error}` }]
    if (!asked || isSame(texts, answer(asked.text, toldTo(run.id)))) return []
    return [{ law: "answer", what: `${run.id} answered ${JSON.stringify(asked.text)} with ${JSON.stringify(texts)}` }]
  })
}

function saidBy(messages: readonly ChatMessage[]): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, string[]>()
  for (const message of messages) {
    if (message.run === undefined) continue
    const texts = said.get(message.run)
    if (texts) texts.push(textOf(message))
    else said.set(message.run, [textOf(message)])
  }
  return said
}
