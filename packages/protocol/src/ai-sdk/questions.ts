/**
 * Questions of a graph as approvals of tools, and approvals as answers.
 *
 * LangChain's own approval middleware asks with `actionRequests` and is answered with `decisions`: where each of them is a
 * call that the message shows, the approval belongs to that call. So it does where `ask` names one action. Every other question is shown as a tool of its own,
 * called `question`; one whose schema lets a yes or a no through is approved or denied, any other gets its answer as the
 * tool's output. A question without a schema that is approved gets `true`, and `false` when it is denied: a graph
 * that only looks whether it got something must not take a no for a yes.
 */
import type { Interrupt, Json } from "../types.ts"
import { type Approval, type Fields, fieldsOf, type Part, sameJson, type ToolPart } from "./part.ts"

/** What a person has said to one approval. */
export interface Verdict {
  readonly approved: boolean
  readonly reason?: string
}

interface ActionRequest {
  readonly name: string
  readonly args: Json
  readonly reason: string | undefined
}

/** @returns what LangChain's approval middleware wants to do; nothing for any other question. */
function actionsOf({ value }: Interrupt): readonly ActionRequest[] {
  return readActions(fieldsOf(value)["actionRequests"])
}

/** @returns the calls that a question is about: those of LangChain's middleware, or the one that `ask` names. */
function callsAskedOf(interrupt: Interrupt): readonly ActionRequest[] {
  const requests = actionsOf(interrupt)
  if (requests.length > 0 || !isApprovable(interrupt)) return requests
  const named = readActions(fieldsOf(interrupt.value)["actions"])
  return named.length === 1 ? named : []
}

function readActions(requests: Json | undefined): readonly ActionRequest[] {
  if (!Array.isArray(requests)) return []
  const actions = requests.map((request: Json) => {
    const { name, args = {}, description } = fieldsOf(request)
    return typeof name === "string" ? { name, args, reason: textOr(description) } : undefined
  })
  return actions.some((action) => action === undefined) ? [] : (actions as ActionRequest[])
}

const textOr = (value: Json | undefined) => (typeof value === "string" ? value : undefined)

/** @returns whether a yes or a no can be an answer. */
export function isApprovable(interrupt: Interrupt): boolean {
  if (actionsOf(interrupt).length > 0) return true
  const { schema } = interrupt
  return schema === undefined || schema["type"] === "boolean" || wantsApproved(schema)
}

function wantsApproved(schema: Fields): boolean {
  return fieldsOf(fieldsOf(schema["properties"])["approved"])["type"] === "boolean"
}

/** @returns the ids of the approvals that together answer a question: one, or one for each action. */
export function approvalIds(interrupt: Interrupt): readonly string[] {
  const actions = actionsOf(interrupt)
  return actions.length > 1 ? actions.map((_action, index) => `${interrupt.id}~${index}`) : [interrupt.id]
}

/**
 * @param verdicts on the approvals of this question, in their order.
 * @returns what the graph is told.
 */
export function answerOf(interrupt: Interrupt, verdicts: readonly Verdict[]): Json {
  const actions = actionsOf(interrupt)
  const [first = { approved: false }] = verdicts
  if (actions.length > 0) return { decisions: actions.map((_action, index) => decision(verdicts[index] ?? first)) }
  const { approved, reason } = first
  if (!interrupt.schema || !wantsApproved(interrupt.schema)) return approved
  const takesReason = Object.hasOwn(fieldsOf(interrupt.schema["properties"]), "reason")
  return { approved, ...(reason === undefined || !takesReason ? {} : { reason }) }
}

function decision({ approved, reason }: Verdict): Json {
  if (approved) return { type: "approve" }
  return { type: "reject", ...(reason === undefined ? {} : { message: reason }) }
}

/** @returns the verdict that an answer comes to, whoever gave it, over whatever protocol. */
function verdictOf(value: Json, index: number): Verdict {
  const { decisions, approved } = fieldsOf(value)
  const decided = fieldsOf(Array.isArray(decisions) ? decisions[index] : undefined)
  if (decided["type"] === "reject") return { approved: false, ...reasonOf(decided["message"]) }
  const isNo = value === false || approved === false
  return { approved: !isNo, ...(isNo ? reasonOf(fieldsOf(value)["reason"]) : {}) }
}

const reasonOf = (reason: Json | undefined) => (typeof reason === "string" ? { reason } : {})

/** @returns the parts with their approvals, and behind them the questions that belong to none of them. */
export function withQuestions(parts: readonly Part[], interrupts: readonly Interrupt[]): Part[] {
  const shown: Part[] = [...parts]
  for (const interrupt of interrupts) {
    const calls = callsOf(interrupt, shown)
    if (calls) for (const [index, at] of calls.entries()) shown[at] = asked(shown[at] as ToolPart, interrupt, index)
    else shown.push(questionPart(interrupt))
  }
  return shown
}

/** @returns where the calls are that a question is about, in the order of its actions; nothing where one is missing. */
function callsOf(interrupt: Interrupt, parts: readonly Part[]): number[] | undefined {
  const found: number[] = []
  for (const { name, args } of callsAskedOf(interrupt)) {
    const at = parts.findIndex((part, index) => !found.includes(index) && isCall(part, name, args))
    if (at < 0) return undefined
    found.push(at)
  }
  return found.length > 0 ? found : undefined
}

function isCall(part: Part, name: string, args: Json): boolean {
  return part.kind === "tool" && !part.isQuestion && !part.approval && part.name === name && sameJson(part.input, args)
}

function asked(part: ToolPart, interrupt: Interrupt, index: number): ToolPart {
  const reason = actionsOf(interrupt)[index]?.reason ?? questionText(interrupt.value)
  return { ...part, approval: approvalOf(interrupt, index, reason) }
}

function approvalOf(interrupt: Interrupt, index: number, reason: string | undefined): Approval {
  const id = approvalIds(interrupt)[index] ?? interrupt.id
  const { answer } = interrupt
  return {
    id,
    ...(reason === undefined ? {} : { reason }),
    ...(answer ? { answer: verdictOf(answer.value, index) } : {}),
  }
}

/** The tool that a question is shown as. */
export const questionTool = "question"

function questionPart(interrupt: Interrupt): ToolPart {
  const { id, value, schema, expiresAt, answer } = interrupt
  const input = { value, ...(schema ? { schema } : {}), ...(expiresAt === undefined ? {} : { expiresAt }) }
  const approval = isApprovable(interrupt) ? approvalOf(interrupt, 0, questionText(value)) : undefined
  const isDenied = approval?.answer?.approved === false
  const by = answer?.by ? { by: answer.by.user } : { expired: true }
  return {
    kind: "tool",
    id,
    name: questionTool,
    isQuestion: true,
    args: "",
    input,
    ...(approval ? { approval } : {}),
    ...(answer && !isDenied ? { outcome: { ok: true, output: { value: answer.value, ...by } } } : {}),
  }
}

function questionText(value: Json): string | undefined {
  return textOr(value) ?? textOr(fieldsOf(value)["question"])
}
