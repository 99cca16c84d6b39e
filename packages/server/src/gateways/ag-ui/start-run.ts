/**
 * From an input to the run that is told: a message is sent, questions are answered, or both are known already. Whatever is
 * repeated comes to the same run. (SPEC AGU3, AGU4, AGU6)
 */
import type { ConversationState, Interrupt } from "@everthread/protocol"
import { answeringRun, isOthersMessage, keyOfMessage, messageOfClientId } from "@everthread/protocol/ag-ui"
import { findForMember, stateForMember } from "../../core/commands/access.ts"
import { freshIdChars } from "../../core/core.ts"
import { done, type Outcome, refused } from "../../core/outcome.ts"
import { agentFor } from "../stock/agent-for.ts"
import { answerKey } from "../stock/answer-key.ts"
import { asContext, type ThreadPort } from "../stock/thread-port.ts"
import { lastMessage, type PersonsMessage, type ResumeAnswer, type RunInput } from "./input.ts"

/** What is to be told. */
export interface ToldRun {
  /** `undefined`: it ended so long ago that the thread has forgotten it. */
  readonly run: string | undefined
  /** What it said behind this place is told from its beginning. */
  readonly since: number
}

/** The mark of an answer's key, which no message's has. */
const answerMark = "aa:"

export async function startRun(port: ThreadPort, input: RunInput, agent: string | null): Promise<Outcome<ToldRun>> {
  const resume = input.resume ?? []
  if (resume.length === 0) return sendLast(port, input, agent)
  const answered = await answerAll(port, resume)
  const isGivenUp = answered.ok && resume.every(({ status }) => status === "cancelled")
  // Who gives a question up may say something else instead.
  return isGivenUp && lastMessage(input).ok ? sendLast(port, input, agent) : answered
}

async function sendLast(port: ThreadPort, input: RunInput, agent: string | null): Promise<Outcome<ToldRun>> {
  // Nothing is begun for an input that says nothing.
  const any = lastMessage(input)
  if (!any.ok) return any
  const named = await agentFor(port, agent ?? undefined, "agent")
  if (!named.ok) return named
  const state = await stateForMember(asContext(port), port.thread)
  if (!state.ok) return state
  const { user } = port.actor
  const message = lastMessage(input, (id) => isOthersMessage(state.result, id, user))
  if (!message.ok) return message
  const known = messageOfClientId(state.result, message.result.id)
  // Said over another protocol: then it is not said again.
  if (known && known.key !== keyOfMessage(message.result.id)) return toldFor(port, known.id, known.seq)
  if (!known && isTaken(state.result, message.result.id)) return taken(message.result)
  return send(port, message.result, named.result)
}

async function send(port: ThreadPort, { id, text }: PersonsMessage, agent?: string): Promise<Outcome<ToldRun>> {
  const about = { conversation: port.thread, key: keyOfMessage(id), text, ...(agent === undefined ? {} : { agent }) }
  const sent = await port.run({ type: "send", ...about })
  return sent.ok ? toldFor(port, sent.result.ref, sent.result.seq) : sent
}

/** @returns the run that answers a message. */
async function toldFor(port: ThreadPort, message: string | undefined, since: number): Promise<Outcome<ToldRun>> {
  const answering = ({ runs }: ConversationState) => runs.find((run) => run.message === message)
  const lookup = await findForMember(asContext(port), port.thread, answering)
  if (!lookup.ok) return lookup
  const { found: run, state } = lookup.result
  return done({ run: run && answeringRun(state.runs, run.id)?.id, since })
}

/** Ids are the clients' own: one that stands for another message would be shown in its place. */
function isTaken({ messages }: ConversationState, id: string): boolean {
  return messages.some((message) => message.id === id || message.key === keyOfMessage(id))
}

function taken({ field }: PersonsMessage): Outcome<never> {
  const message = `${field}.id: this id is another message's; give each message an id of its own`
  return refused("invalid_field", { field: `${field}.id`, message })
}

/** An answer that is repeated is the same one. */
async function answerAll(port: ThreadPort, resume: readonly ResumeAnswer[]): Promise<Outcome<ToldRun>> {
  const asked = await questionsOf(port, resume)
  if (!asked.ok) return asked
  for (const [at, answer] of resume.entries()) {
    const question = asked.result[at]
    const outcome = question && (await (answer.status === "resolved" ? respond(port, answer) : giveUp(port, question)))
    if (outcome && !outcome.ok) return namedAfter(outcome, at)
  }
  const [first] = asked.result
  const since = Math.max(...asked.result.map(({ seq }) => seq))
  return done({ run: first?.run, since })
}

async function questionsOf(port: ThreadPort, resume: readonly ResumeAnswer[]): Promise<Outcome<readonly Interrupt[]>> {
  const wanted = new Set(resume.map(({ interruptId }) => interruptId))
  const allIn = ({ interrupts }: ConversationState) =>
    interrupts.filter(({ id }) => wanted.has(id)).length === wanted.size || undefined
  const lookup = await findForMember(asContext(port), port.thread, allIn)
  if (!lookup.ok) return lookup
  const { interrupts } = lookup.result.state
  const found = resume.map(({ interruptId }) => interrupts.find(({ id }) => id === interruptId))
  const missing = found.indexOf(undefined)
  if (missing < 0) return done(found.filter((question) => question !== undefined))
  const field = `resume.${missing}.interruptId`
  const message = `${field}: nothing is asked under it in this thread: it never was, or its run has ended`
  return refused("not_found", { field, message })
}

function respond({ thread, run }: ThreadPort, { interruptId, payload }: ResumeAnswer) {
  const value = payload ?? null
  const key = answerKey(answerMark, interruptId, value)
  return run({ type: "respond", conversation: thread, key, interrupt: interruptId, value })
}

/** A question that is given up is the end of the run that asks it. One that has ended is over either way. */
async function giveUp({ core, thread, run }: ThreadPort, { run: id }: Interrupt): Promise<Outcome<unknown>> {
  const key = core.random.id(freshIdChars)
  const stopped = await run({ type: "stop", conversation: thread, key, run: id })
  return !stopped.ok && stopped.error.code === "run_ended" ? done(undefined) : stopped
}

function namedAfter<Refusal extends Extract<Outcome<never>, { ok: false }>>(
  refusal: Refusal,
  at: number,
): Outcome<never> {
  const { field = "interrupt" } = refusal.error
  const name = field === "interrupt" ? "interruptId" : field.replace(/^value/, "payload")
  return { ok: false, error: { ...refusal.error, field: `resume.${at}.${name}` } }
}
