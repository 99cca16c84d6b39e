/** How a run begins and ends on a stream. */
import { isOpen } from "../reduce/runs.ts"
import type { ConversationState, Interrupt, Json, Run } from "../types.ts"
import { type AgUiEvent, type AgUiInterrupt, type AgUiMessage, agUiVersion, type Outcome } from "./events.ts"

/** The run that a stream tells token by token, and what it is called there. */
export interface Leg {
  readonly threadId: string
  readonly runId: string
  /** The run, as the log calls it; `undefined`: none, only something that has to be told within one. */
  readonly run: string | undefined
}

export function started({ threadId, runId, run }: Leg, asked: readonly AgUiMessage[] = []): AgUiEvent {
  const input = { threadId, runId, messages: asked, tools: [] as const, context: [] as const }
  return {
    type: "RUN_STARTED",
    threadId,
    runId,
    protocolVersion: agUiVersion,
    ...(asked.length > 0 ? { input } : {}),
    ...(run === undefined ? {} : { metadata: { everthread: { run } } }),
  }
}

/** What is still asked is said with every end: clients take an end without questions for the answer to all of them. */
export function finished({ threadId, runId, run: id }: Leg, state: ConversationState): AgUiEvent {
  const run = state.runs.find((held) => held.id === id)
  if (run?.status === "failed")
    return { type: "RUN_ERROR", message: run.error ?? "The run failed.", code: "run_failed" }
  return { type: "RUN_FINISHED", threadId, runId, outcome: outcomeOf(run, state) }
}

function outcomeOf(run: Run | undefined, state: ConversationState): Outcome {
  const interrupts = openQuestions(state).map(interruptOf)
  if (interrupts.length > 0) return { type: "interrupt", interrupts }
  return { type: run?.status === "stopped" ? "cancelled" : "success" }
}

/** What runs that have not ended wait for. */
export function openQuestions({ interrupts, runs }: Pick<ConversationState, "interrupts" | "runs">): Interrupt[] {
  const waiting = new Set(runs.filter((run) => isOpen(run) && !run.stopBy).map(({ id }) => id))
  return interrupts.filter(({ run, answer }) => waiting.has(run) && !answer)
}

function interruptOf({ id, run, value, schema, expiresAt, default: byDefault }: Interrupt): AgUiInterrupt {
  const message = promptOf(value)
  return {
    id,
    reason: "input_required",
    ...(message === undefined ? {} : { message }),
    ...(schema === undefined ? {} : { responseSchema: schema }),
    ...(expiresAt === undefined ? {} : { expiresAt: dateOf(expiresAt) }),
    metadata: { everthread: { run, value, ...(byDefault === undefined ? {} : { default: byDefault }) } },
  }
}

/** What a person reads: the words of `ask`, or a value that is itself a text. */
function promptOf(value: Json): string | undefined {
  if (typeof value === "string") return value
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  const { question, message } = value
  for (const words of [question, message]) if (typeof words === "string") return words
  return undefined
}

const dateMsMax = 8_640_000_000_000_000

function dateOf(time: number): string {
  return new Date(Math.max(-dateMsMax, Math.min(time, dateMsMax))).toISOString()
}
