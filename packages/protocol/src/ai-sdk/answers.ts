/**
 * What an AI SDK client has answered: read out of the parts of its last message, of which nothing else is believed.
 *
 * Its client writes a person's word into the part and sends the whole message. So answers that were given long ago come along
 * again; what they belong to has an answer then, and is left alone.
 */
import type { ConversationState, Interrupt, Json } from "../types.ts"
import { fieldsOf, sameJson } from "./part.ts"
import { answerOf, approvalIds, isApprovable, type Verdict } from "./questions.ts"

export interface GivenAnswer {
  readonly interrupt: Interrupt
  readonly value: Json
}

export interface GivenAnswers {
  /** To questions that are open. */
  readonly open: readonly GivenAnswer[]
  /** To questions that have the very same answer: it is a repeat. */
  readonly repeated: readonly GivenAnswer[]
  /** To questions that were answered otherwise. */
  readonly late: readonly GivenAnswer[]
  /** Open questions of which some approvals are answered and some are not. */
  readonly partial: readonly Interrupt[]
}

/** @param parts of the message, as the client has them: any JSON. */
export function answersIn(parts: readonly Json[], { interrupts }: Pick<ConversationState, "interrupts">): GivenAnswers {
  const verdicts = verdictsIn(parts)
  const outputs = outputsIn(parts)
  const given: GivenAnswer[] = []
  const partial: Interrupt[] = []
  for (const interrupt of interrupts) {
    const said = approvalIds(interrupt).map((id) => verdicts.get(id))
    const output = outputs.get(interrupt.id)
    if (output !== undefined) given.push({ interrupt, value: output })
    else if (isApprovable(interrupt) && isWhole(said)) given.push({ interrupt, value: answerOf(interrupt, said) })
    else if (said.some((verdict) => verdict) && !interrupt.answer) partial.push(interrupt)
  }
  return {
    open: given.filter(({ interrupt }) => !interrupt.answer),
    repeated: given.filter(isRepeated),
    late: given.filter((answer) => answer.interrupt.answer && !isRepeated(answer)),
    partial,
  }
}

function isWhole(verdicts: readonly (Verdict | undefined)[]): verdicts is readonly Verdict[] {
  return verdicts.every((verdict) => verdict !== undefined)
}

function isRepeated({ interrupt: { answer }, value }: GivenAnswer): boolean {
  if (!answer) return false
  // What was answered as a tool's output comes back as the output that it was shown with.
  return sameJson(answer.value, value) || sameJson(fieldsOf(value)["value"], answer.value)
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
    if (typeof toolCallId === "string" && state === "output-available" && output !== undefined)
      outputs.set(toolCallId, output)
  }
  return outputs
}
