/**
 * The AI SDK's `UIMessageChunk`s between two states of a run. (SPEC AIS2)
 *
 * Where the parts only grew, the chunks say what is new. Where something was taken back or changed, `reset-step` takes
 * everything back and all of it is said anew: a message has one step, so that this is always possible. Whoever follows
 * the chunks therefore has what the state says, wherever they began.
 */
import type { Json } from "../types.ts"
import { type Approval, type Part, sameJson, type TextPart, type ToolOutcome, type ToolPart } from "./part.ts"

/** Structurally a `UIMessageChunk` of `ai` 7. */
export type Chunk = { readonly type: string; readonly [field: string]: Json | undefined }

interface Said {
  readonly before: readonly Part[]
  readonly chunks: readonly Chunk[]
}

/** For everybody who goes from one list to the next one together. */
const said = new WeakMap<readonly Part[], Said>()

/** @returns the same list for the same two lists of parts. */
export function chunksBetween(before: readonly Part[], after: readonly Part[]): readonly Chunk[] {
  const known = said.get(after)
  if (known?.before === before) return known.chunks
  const chunks = grows(before, after)
    ? after.flatMap((part, index) => growth(before[index], part))
    : [{ type: "reset-step" }, ...after.flatMap((part) => growth(undefined, part))]
  said.set(after, { before, chunks })
  return chunks
}

/** Whether something that was shown is not there any more, as after a takeover. */
export function takesBack(before: readonly Part[], after: readonly Part[]): boolean {
  const kept = new Set(after.map(({ id }) => id))
  return before.some(({ id }) => !kept.has(id))
}

function grows(before: readonly Part[], after: readonly Part[]): boolean {
  return before.every((part, index) => {
    const next = after[index]
    return next !== undefined && (next === part || becomes(part, next))
  })
}

function becomes(before: Part, after: Part): boolean {
  if (before.kind !== after.kind || before.id !== after.id) return false
  if (before.kind === "tool") return toolBecomes(before, after as ToolPart)
  return before.kind === "block" || textBecomes(before, after as TextPart)
}

function textBecomes(before: TextPart, after: TextPart): boolean {
  return before.done ? after.done && after.text === before.text : after.text.startsWith(before.text)
}

/** Arguments, approval and outcome come in this order, once each. */
function toolBecomes(before: ToolPart, after: ToolPart): boolean {
  if (before.name !== after.name || before.isQuestion !== after.isQuestion) return false
  const isSameInput =
    before.input === undefined ? after.args.startsWith(before.args) : sameJson(before.input, after.input)
  if (!isSameInput) return false
  if (before.outcome) return sameJson(plain(before), plain(after))
  return approvalBecomes(before.approval, after.approval)
}

const plain = ({ approval, outcome }: ToolPart) => ({ approval, outcome }) as unknown as Json

function approvalBecomes(before: Approval | undefined, after: Approval | undefined): boolean {
  if (!before) return true
  if (before.id !== after?.id || before.isAutomatic !== after.isAutomatic) return false
  return !before.answer || sameJson(before.answer as Json, after.answer as Json | undefined)
}

function growth(before: Part | undefined, after: Part): Chunk[] {
  if (before === after) return []
  if (after.kind === "tool") return toolGrowth(before as ToolPart | undefined, after)
  if (after.kind !== "block") return textGrowth(before as TextPart | undefined, after)
  const isSame = before?.kind === "block" && sameJson(before.data, after.data)
  return isSame ? [] : [{ type: "data-everthread-block", id: after.id, data: after.data }]
}

function textGrowth(before: TextPart | undefined, { kind, id, text, done }: TextPart): Chunk[] {
  const delta = text.slice(before?.text.length ?? 0)
  return [
    ...(before ? [] : [{ type: `${kind}-start`, id }]),
    ...(delta === "" ? [] : [{ type: `${kind}-delta`, id, delta }]),
    ...(done && !before?.done ? [{ type: `${kind}-end`, id }] : []),
  ]
}

function toolGrowth(before: ToolPart | undefined, after: ToolPart): Chunk[] {
  return [
    ...inputGrowth(before, after),
    ...approvalGrowth(after.id, before?.approval, after.approval),
    ...(after.outcome && !before?.outcome ? [outcomeChunk(after, after.outcome)] : []),
    ...(isDenied(after) && !(before && isDenied(before)) ? [{ type: "tool-output-denied", toolCallId: after.id }] : []),
  ]
}

/** Tools run on the server: the client is to wait for their results, not to make them. A question waits for the client. */
function inputGrowth(before: ToolPart | undefined, after: ToolPart): Chunk[] {
  const { id: toolCallId, name: toolName, isQuestion, args, input } = after
  const about = { toolCallId, toolName, ...(isQuestion ? { dynamic: true } : { providerExecuted: true }) }
  if (input !== undefined) return before?.input === undefined ? [{ type: "tool-input-available", ...about, input }] : []
  const inputTextDelta = args.slice(before?.args.length ?? 0)
  return [
    ...(before ? [] : [{ type: "tool-input-start", ...about }]),
    ...(inputTextDelta === "" ? [] : [{ type: "tool-input-delta", toolCallId, inputTextDelta }]),
  ]
}

function approvalGrowth(toolCallId: string, before: Approval | undefined, after: Approval | undefined): Chunk[] {
  if (!after) return []
  const { id: approvalId, reason, isAutomatic, answer } = after
  const more = { ...(reason === undefined ? {} : { reason }), ...(isAutomatic ? { isAutomatic } : {}) }
  return [
    ...(before ? [] : [{ type: "tool-approval-request", approvalId, toolCallId, ...more }]),
    ...(answer && !before?.answer ? [{ type: "tool-approval-response", approvalId, ...answer }] : []),
  ]
}

/** Of an answered question nothing is left to do for the client, so it counts as executed. */
function outcomeChunk({ id: toolCallId }: ToolPart, outcome: ToolOutcome): Chunk {
  const about = { toolCallId, providerExecuted: true }
  if (outcome.ok) return { type: "tool-output-available", ...about, output: outcome.output }
  return { type: "tool-output-error", ...about, errorText: outcome.errorText }
}

const isDenied = ({ approval, outcome }: ToolPart) => approval?.answer?.approved === false && !outcome
