/** From an input to the run that is told: a message is sent, or questions are answered, by way of the client's outbox. */
import { type Json, wireError } from "@everthread/protocol"
import {
  answeringRun,
  idsOf,
  isOthersMessage,
  keyOfMessage,
  lastMessageOf,
  mayBeClientId,
  messageOfClientId,
  pagesResult,
  planOfRun,
} from "@everthread/protocol/ag-ui"
import type { Client } from "../client.ts"
import type { Conversation } from "../conversation.ts"
import { agentFor, enter, errorOf, viewAt } from "../entrance.ts"
import { RequestError } from "../errors.ts"
import type { RunInput, Told } from "./conversation-fetch.ts"

/** @throws RequestError where the server refuses it for good. */
export async function startRun(client: Client, input: RunInput, agent: string | undefined): Promise<Told> {
  const conversation = await enter(client, input.threadId)
  const resume = input.resume ?? []
  if (resume.length === 0) return send(client, conversation, input, agent)
  const answered = await answer(conversation, input)
  const isGivenUp = resume.every(({ status }) => status === "cancelled")
  return isGivenUp && lastMessageOf(input.messages) ? send(client, conversation, input, agent) : answered
}

async function send(
  client: Client,
  conversation: Conversation,
  input: RunInput,
  agent: string | undefined,
): Promise<Told> {
  const { state } = conversation.snapshot()
  const { id, text } = mustBeSaid(input, (other) => isOthersMessage(state, other, client.user))
  const known = messageOfClientId(state, id)
  // Said over another protocol: then it is not said again.
  if (known && known.key !== keyOfMessage(id)) return told(conversation, input, known.id, known.seq)
  const answering = agent ?? (await agentFor(client, conversation))
  const named = answering === undefined ? {} : { agent: answering }
  const stored = await conversation.send(text, { key: keyOfMessage(id), ...named })
  return told(conversation, input, stored.ref ?? "", stored.seq)
}

function mustBeSaid({ messages }: RunInput, isOthers: (id: unknown) => boolean) {
  const last = lastMessageOf(messages, isOthers)
  if (!last) throw wrong("messages", "one of them has to be yours: it has the role user")
  const { at, id, text } = last
  const strange = pagesResult(messages, at)
  if (strange >= 0)
    throw wrong(`messages.${strange}.role`, "tools run beside the agent here; a page answers with resume")
  if (typeof id !== "string" || !mayBeClientId(id)) throw wrong(`messages.${at}.id`, "it takes a text without ~")
  if (text === undefined) throw wrong(`messages.${at}.content`, "it takes a text, or parts of type text")
  return { id, text }
}

/** Each question is answered once; one that is given up ends the run that asks. */
async function answer(conversation: Conversation, input: RunInput): Promise<Told> {
  const { interrupts } = conversation.snapshot().state
  const resume = input.resume ?? []
  const asked = resume.map(({ interruptId }) => interrupts.find(({ id }) => id === interruptId))
  for (const [at, { interruptId, status, payload }] of resume.entries()) {
    const run = asked[at]?.run
    if (run === undefined) throw notAsked(`resume.${at}.interruptId`)
    if (status === "cancelled") await stop(conversation, run)
    else await respond(conversation, interruptId, payload ?? null, `resume.${at}`)
  }
  const since = Math.max(...asked.map((question) => question?.seq ?? 0))
  return planned(conversation, input, asked[0]?.run, since)
}

async function respond(conversation: Conversation, interrupt: string, value: Json, place: string): Promise<void> {
  try {
    await conversation.respond(interrupt, value)
  } catch (error) {
    if (!(error instanceof RequestError)) throw error
    const { field = "interrupt" } = error.error
    const named = field === "interrupt" ? "interruptId" : field.replace(/^value/, "payload")
    throw new RequestError({ ...error.error, field: `${place}.${named}` })
  }
}

async function stop(conversation: Conversation, run: string): Promise<void> {
  try {
    await conversation.stop(run)
  } catch (error) {
    // It is over either way.
    if (!(error instanceof RequestError) || error.error.code !== "run_ended") throw error
  }
}

/** @returns what answers a message, as soon as this device knows of it. */
async function told(conversation: Conversation, input: RunInput, message: string, since: number): Promise<Told> {
  const view = await viewAt(conversation, since)
  if (view.status === "closed") throw new RequestError(errorOf(view))
  const run = view.state.runs.find((held) => held.message === message)
  return planned(conversation, input, run && answeringRun(view.state.runs, run.id)?.id, since)
}

function planned(
  conversation: Conversation,
  { threadId, runId, messages }: RunInput,
  run: string | undefined,
  since: number,
): Told {
  const plan = planOfRun({ threadId, runId, run, since, clientHas: idsOf(messages) })
  if (run === undefined) return { plan }
  return { plan, stop: () => void stop(conversation, run).catch(() => {}) }
}

function wrong(field: string, reason: string): RequestError {
  return new RequestError(wireError("invalid_field", { field, message: `${field}: ${reason}` }))
}

function notAsked(field: string): RequestError {
  const message = `${field}: nothing is asked under it in this thread: it never was, or its run has ended`
  return new RequestError(wireError("not_found", { field, message }))
}
