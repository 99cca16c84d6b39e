/**
 * `run.start`: a message of a person, and the run that answers it.
 *
 * It carries the message's own id as its key, so that a command which is repeated because its answer was lost is one
 * message and one run. (SPEC LGR4)
 */
import type { ConversationState, Run, WhenBusy } from "@everthread/protocol"
import { type Answer, clientIds, endOf, keyOf } from "@everthread/protocol/langgraph"
import * as z from "zod"
import { type Agents, freshIdChars } from "../../../core/core.ts"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { servedNames } from "../../../core/served-agents.ts"
import { lastHumanMessage } from "./human-message.ts"
import { enter, notSupported, type ThreadPort } from "./thread-port.ts"

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
  const agent = await agentFor(port, params.assistant_id)
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

/** Enters the thread, and begins it where it is not there. @returns who is to answer; `undefined`: the thread's own agent. */
async function agentFor(port: ThreadPort, assistant: string | null | undefined): Promise<Outcome<string | undefined>> {
  const { agents } = port.core
  const named = await assistantNamed(assistant, agents)
  if (!named.ok) return named
  const { names } = agents
  const entered = await enter(port, named.result ?? names[0])
  if (!entered.ok) return entered
  if (named.result !== undefined) return named
  const own = (await stateOf(port))?.agent
  return done(own === undefined ? names[0] : undefined)
}

/** What LangChain's hook calls an assistant that the page has not named. */
const unnamed = "_"

/** @returns the agent of this name; `undefined` where none is named. */
export async function assistantNamed(
  assistant: string | null | undefined,
  agents: Agents,
): Promise<Outcome<string | undefined>> {
  const wanted = assistant === null || assistant === "" || assistant === unnamed ? undefined : assistant
  const names = await servedNames(agents, wanted)
  if (names.length === 0) return refused("not_found", { field: "assistant_id", message: "No agent is served here." })
  if (wanted === undefined || names.includes(wanted)) return done(wanted)
  const message = `There is no assistant ${JSON.stringify(wanted.slice(0, 64))} here; there are ${names.join(", ")}.`
  return refused("not_found", { field: "assistant_id", message })
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
  const state = await stateOf(port)
  if (!state) return undefined
  const owner = state.messages.find((message) => message.key === keyOf(id) || message.id === id)
  const isOwn = owner?.by?.user === port.actor.user && clientIds(state).get(owner.id) === id
  if (!owner || isOwn) return undefined
  const message = "input.messages: this id is another message's; give each message an id of its own"
  return refused("invalid_field", { field: "input.messages", message })
}

async function stateOf({ core, thread }: ThreadPort): Promise<ConversationState | undefined> {
  return (await (await core.hub.feed(thread))?.state())?.state
}

/** @returns the run that answers the message, as the thread has it. */
async function runFor(port: ThreadPort, message: string | undefined): Promise<Run | undefined> {
  const find = async () => (await stateOf(port))?.runs.find((run) => run.message === message)
  const known = await find()
  if (known) return known
  // It was stored a moment ago, maybe by way of another node.
  await (await port.core.hub.feed(port.thread))?.check()
  return find()
}
