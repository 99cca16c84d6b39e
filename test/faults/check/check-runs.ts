/**
 * Runs end, once; attempts are counted; one that was taken over says nothing more; and what is left of an answer is
 * the answer, whole and once, however often it was begun. (SPEC RUN2, RUN3, RUN7)
 */
import { isDeepStrictEqual } from "node:util"
import { isOpen, type LogEvent, textOf } from "@everthread/protocol"
import type { Expected, Finding, History } from "../history/history.ts"

type Found = Omit<Finding, "conversation" | "device">

export function checkRuns(history: History, expected: Expected): Finding[] {
  const { conversation, log, fresh } = history
  const events = log.map(({ event }) => event)
  const found = [
    ...fresh.state.runs.filter(isOpen).map(({ id, status }) => ({ law: "runs end", what: `${id} is ${status}` })),
    ...runsIn(events).flatMap((run) => runFaults(run, events)),
    ...answers(history, expected),
  ]
  return found.map((one) => ({ conversation, ...one }))
}

/** Those whose beginning the log still holds. */
function runsIn(events: readonly LogEvent[]): string[] {
  return events.flatMap((event) => (event.type === "run.queued" ? [event.run] : []))
}

function runFaults(run: string, events: readonly LogEvent[]): Found[] {
  const own = events.filter((event) => "run" in event && event.run === run)
  const ends = own.filter(({ type }) => type === "run.ended").length
  const attempts = own.flatMap((event) => (event.type === "run.attempt" ? [event.attempt] : []))
  const found: Found[] = []
  if (ends !== 1) found.push({ law: "runs end", what: `${run} ended ${ends} times` })
  if (own.at(-1)?.type !== "run.ended") found.push({ law: "runs end", what: `${run} went on after its end` })
  if (attempts.some((attempt, index) => attempt !== index + 1)) {
    found.push({ law: "attempts", what: `${run} was tried as ${attempts.join(", ")}` })
  }
  return [...found, ...staleOutput(run, events)]
}

/** What an attempt had begun to say and not finished is over when the next attempt begins. */
function staleOutput(run: string, events: readonly LogEvent[]): Found[] {
  const found: Found[] = []
  const begun = new Map<string, number>()
  let attempt = 0
  for (const event of events) {
    if (event.type === "run.attempt" && event.run === run) attempt = event.attempt
    const message = event.type === "delta" || (event.type === "agent" && event.run === run) ? event.message : undefined
    if (message === undefined) continue
    if (event.type === "agent" && !begun.has(message)) begun.set(message, attempt)
    const of = begun.get(message)
    if (of !== undefined && of !== attempt) {
      found.push({ law: "one owner", what: `attempt ${of} of ${run} wrote ${event.seq} in attempt ${attempt}` })
    }
  }
  return found
}

function answers({ fresh }: History, { answer }: Expected): Found[] {
  const byId = new Map(fresh.messages.map((message) => [message.id, message]))
  return fresh.state.runs.flatMap((run): Found[] => {
    const asked = byId.get(run.message)
    const said = fresh.messages.filter((message) => message.run === run.id).map(textOf)
    if (run.status !== "completed") return [{ law: "answer", what: `${run.id} is ${run.status}: ${run.error}` }]
    if (!asked || isDeepStrictEqual(said, answer(asked.text))) return []
    return [{ law: "answer", what: `${run.id} answered ${JSON.stringify(asked.text)} with ${JSON.stringify(said)}` }]
  })
}
