/**
 * What an AI SDK client has answered: read out of the parts of its last message, of which nothing else is believed.
 *
 * Its client writes a person's word into the part and sends the whole message. So answers that were given long ago come along
 * again; what they belong to has an answer then, and is left alone.
 */

import type { WireError } from "../errors.ts"
import { wireError } from "../errors.ts"
import type { ConversationState, Interrupt, Json } from "../types.ts"
import { fieldsOf, sameJson } from "./part.ts"
import { answerOf, approvalIds, isApprovable, type Verdict } from "./questions.ts"
import type { SubmittedAnswers } from "./submission.ts"

export interface GivenAnswer {
  readonly interrupt: Interrupt
  readonly value: Json
}

export type DueAnswers =
  /** Of the run that waits for them; none where they have been stored before. */
  | { readonly ok: true; readonly run: string; readonly answers: readonly GivenAnswer[] }
  | { readonly ok: false; readonly error: WireError }

type State = Pick<ConversationState, "interrupts">

/** @returns the answers that count now. */
export function dueAnswers({ parts, field }: SubmittedAnswers, { interrupts }: State): DueAnswers {
  const { given, partial } = answersIn(parts, interrupts)
  if (partial) return refuse(`${field}.parts`, "one question asks for several approvals; answer all of them, then send")
  const answers = given.filter(({ interrupt }) => !interrupt.answer)
  const known = answers[0] ?? given.findLast(isRepeated)
  if (known) return { ok: true, run: known.interrupt.run, answers }
  const [late] = given
  return late
    ? alreadyAnswered(late)
    : refuse(
        field,
        "an assistant's message is sent to answer what it asks, and this one answers nothing that is open here",
      )
}

function refuse(field: string, reason: string): DueAnswers {
  return { ok: false, error: wireError("invalid_field", { field, message: `${field}: ${reason}` }) }
}

function alreadyAnswered({ interrupt: { answer } }: GivenAnswer): DueAnswers {
  const message = answer?.by
    ? `Already answered by ${answer.by.user}; the first answer counts.`
    : "The question has expired: nobody had answered in time, and the run went on without."
  return { ok: false, error: wireError("already_answered", { field: "messages", message }) }
}

function answersIn(parts: readonly Json[], interrupts: readonly Interrupt[]) {
  const verdicts = verdictsIn(parts)
  const outputs = outputsIn(parts)
  const given: GivenAnswer[] = []
  let partial = false
  for (const interrupt of interrupts) {
    const said = approvalIds(interrupt).map((id) => verdicts.get(id))
    const output = outputs.get(interrupt.id)
    if (output !== undefined) given.push({ interrupt, value: output })
    else if (isApprovable(interrupt) && isWhole(said)) given.push({ interrupt, value: answerOf(interrupt, said) })
    else if (!interrupt.answer && said.some((verdict) => verdict)) partial = true
  }
  return { given, partial }
}

function isWhole(verdicts: readonly (Verdict | undefined)[]): verdicts is readonly Verdict[] {
  return verdicts.every((verdict) => verdict !== undefined)
}

/** What was answered as a tool's output comes back as the output that it was shown with. */
function isRepeated({ interrupt: { answer }, value }: GivenAnswer): boolean {
  return answer !== undefined && (sameJson(answer.value, value) || sameJson(fieldsOf(value)["value"], answer.value))
}

function verdictsIn(parts: readonly Json[]): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>()
  for (const part of parts) {
    const { id, approved, reason } = fieldsOf(fieldsOf(part)["approval"])
    if (typeof id !== "string" || typeof approved !== "boolean") continue
    verdicts.set(id, { approved, ...(typeof reason === "string" ? { reason } : {}) })
  }
  return verdicts
}

/** Outputs that the client gave itself: by a tool's id, which is the question's. */
function outputsIn(parts: readonly Json[]): ReadonlyMap<string, Json> {
  const outputs = new Map<string, Json>()
  for (const part of parts) {
    const { toolCallId, state, output } = fieldsOf(part)
    const isGiven = typeof toolCallId === "string" && state === "output-available" && output !== undefined
    if (isGiven) outputs.set(toolCallId, output)
  }
  return outputs
}
