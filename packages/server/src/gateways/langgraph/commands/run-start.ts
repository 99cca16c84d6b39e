/**
 * `run.start`: a message of a person, and the run that answers it.
 *
 * It carries the message's own id as its key, so that a command which is repeated because its answer was lost is one
 * message and one run. (SPEC LGR4)
 */
import type { ConversationState, Run, WhenBusy } from "@everthread/protocol"
import { type Answer, clientIds, endOf, keyOf } from "@everthread/protocol/langgraph"
import * as z from "zod"
import { findForMember, stateOf } from "../../../core/commands/access.ts"
import { freshIdChars } from "../../../core/core.ts"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { agentFor } from "../../stock/agent-for.ts"
import { asContext, type ThreadPort } from "../../stock/thread-port.ts"
import { lastHumanMessage } from "./human-message.ts"
import { notSupported } from "./not-supported.ts"

export const runStartSchema = z.object({
  assistant_id: z.string().nullish(),
  input: z.unknown().optional(),
  config: z.looseObject({ configurable: z.looseObject({}).nullish() }).nullish(),
  multitaskStrategy: z.string().nullish(),
})

export type RunStart = z.infer<typeof runStartSchema>

export interface Started {
  /** `undefined`: it is a repeat, and the run has ended so long ago that the thread has forgotten it. */
  readonly run: Run | undefined
  readonly throughPosition: number
}

export async function runStart(port: ThreadPort, params: RunStart): Promise<Outcome<Answer>> {
  const started = await startRun(port, params)
  if (!started.ok) return started
  const { run, throughPosition } = started.result
  return done({ result: run ? { run_id: run.id } : {}, throughPosition })
}

export async function startRun(port: ThreadPort, params: RunStart): Promise<Outcome<Started>> {
  const { core, thread } = port
  if (params.config?.configurable?.["checkpoint_id"] !== undefined) return noForkInPlace()
  const whenBusy = whenBusyOf(params.multitaskStrategy)
  if (!whenBusy.ok) return whenBusy
  const message = lastHumanMessage(params.input)
  if (!message.ok) return message
  const agent = await agentFor(port, assistantNamed(params.assistant_id), assistantField)
  if (!agent.ok) return agent
  const { text, id } = message.result
  const taken = id === undefined ? undefined : await takenBySomebodyElse(port, id)
  if (taken) return taken
  const key = keyOf(id ?? core.random.id(freshIdChars))
  const named = { ...(agent.result && { agent: agent.result }), ...(whenBusy.result && { whenBusy: whenBusy.result }) }
  const sent = await port.run({ type: "send", conversation: thread, key, text, ...named })
  if (!sent.ok) return sent
  return done({ run: await runFor(port, sent.result.ref), throughPosition: endOf(sent.result.seq) })
}

/** Where a client names the agent. */
export const assistantField = "assistant_id"

/** What LangChain's hook calls an assistant that the page has not named. */
const unnamed = "_"

/** @returns the name of the agent that is asked for; `undefined` where none is. */
export function assistantNamed(assistant: string | null | undefined): string | undefined {
  return assistant === null || assistant === "" || assistant === unnamed ? undefined : assistant
}

function whenBusyOf(strategy: string | null | undefined): Outcome<WhenBusy | undefined> {
  switch (strategy) {
    case undefined:
    case null:
      return done(undefined)
    case "enqueue":
    case "interrupt":
    case "reject":
      return done(strategy)
    case "rollback":
      return notSupported("multitaskStrategy", "What was said stays in the log: ask for interrupt instead of rollback.")
    default: {
      const message = "multitaskStrategy: it takes enqueue, interrupt or reject"
      return refused("invalid_field", { field: "multitaskStrategy", message })
    }
  }
}

function noForkInPlace() {
  const message =
    "A thread goes on from where it is. Copy it (threads.copy), or fork it from a checkpoint over the native protocol."
  return notSupported("config.configurable.checkpoint_id", message)
}

/** Ids are the clients' own: one that stands for another message would be shown in its place. */
async function takenBySomebodyElse(port: ThreadPort, id: string) {
  const state = await stateOf(port.core, port.thread)
  if (!state) return undefined
  const owner = state.messages.find((message) => message.key === keyOf(id) || message.id === id)
  const isOwn = owner?.by?.user === port.actor.user && clientIds(state).get(owner.id) === id
  if (!owner || isOwn) return undefined
  const message = "input.messages: this id is another message's; give each message an id of its own"
  return refused("invalid_field", { field: "input.messages", message })
}

/** @returns the run that answers the message, as the thread has it: it was stored a moment ago, maybe by way of another node. */
async function runFor(port: ThreadPort, message: string | undefined): Promise<Run | undefined> {
  const find = ({ runs }: ConversationState) => runs.find((run) => run.message === message)
  const lookup = await findForMember(asContext(port), port.thread, find)
  return lookup.ok ? lookup.result.found : undefined
}
