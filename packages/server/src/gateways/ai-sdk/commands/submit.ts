/**
 * `send`: a message of a person and the run that answers it, or answers to what a run asks.
 *
 * A message's key is made of the id that its client gave it, so whatever is repeated is one message. (SPEC AIS1) To
 * regenerate is to have it answered anew, or, where it never came to be stored, to send it.
 */
import type { ConversationState, WhenBusy } from "@everthread/protocol"
import {
  askedAs,
  dueAnswers,
  keyOf,
  type SubmittedAnswers,
  type SubmittedMessage,
  type Wanted,
} from "@everthread/protocol/ai-sdk"
import { findForMember } from "../../../core/commands/access.ts"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { agentFor } from "../../stock/agent-for.ts"
import { asContext, type ThreadPort } from "../../stock/thread-port.ts"
import type { SendFrame } from "../frames/client-frame.ts"
import { submissionOf } from "./submission.ts"

/** @returns what the client is to be told of. */
export async function submit(port: ThreadPort, frame: SendFrame): Promise<Outcome<Wanted>> {
  const read = submissionOf(frame.messages)
  if (!read.ok) return read
  return read.result.kind === "message" ? say(port, frame, read.result) : answer(port, frame, read.result)
}

async function say(port: ThreadPort, frame: SendFrame, message: SubmittedMessage): Promise<Outcome<Wanted>> {
  const agent = await agentFor(port, frame.body?.agent ?? undefined, "body.agent")
  if (!agent.ok) return agent
  const { id, text, field } = message
  const key = keyOf(id)
  if (frame.trigger === "regenerate-message") {
    const anew = await answerAnew(port, frame.requestId, id)
    if (anew) return anew
  }
  const whenBusy: WhenBusy | undefined = frame.body?.whenBusy ?? undefined
  const named = { ...(agent.result && { agent: agent.result }), ...(whenBusy && { whenBusy }) }
  const sent = await port.run({ type: "send", conversation: port.thread, key, text, ...named })
  if (sent.ok) return done({ kind: "message", id: sent.result.ref, seq: sent.result.seq })
  return sent.error.code === "key_reused" ? changedMessage(`${field}.id`) : sent
}

/** @returns nothing where nobody has answered the message, or the log does not have it. */
async function answerAnew(port: ThreadPort, request: string, id: string): Promise<Outcome<Wanted> | undefined> {
  const conversation = port.thread
  const lookup = await findForMember(asContext(port), conversation, (state) => askedAs(id, state))
  if (!lookup.ok) return lookup
  const run = lookup.result.found?.run
  if (!run) return undefined
  const asked = await port.run({ type: "regenerate", conversation, key: `ar:${request}`, run: run.id })
  if (!asked.ok) return asked
  return done({ kind: "run", id: asked.result.ref ?? run.id, seq: asked.result.seq, isShown: false })
}

function changedMessage(field: string) {
  const message = `${field}: a message of this id was sent before with another text. What was said stays; send it as a new message.`
  return refused("key_reused", { field, message })
}

async function answer(port: ThreadPort, frame: SendFrame, submission: SubmittedAnswers): Promise<Outcome<Wanted>> {
  const dueIn = (state: ConversationState) => dueAnswers(submission, state)
  const lookup = await findForMember(asContext(port), port.thread, (state) => dueIn(state).ok || undefined)
  if (!lookup.ok) return lookup
  const due = dueIn(lookup.result.state)
  if (!due.ok) return due
  let seq = 0
  for (const [index, { interrupt, value }] of due.answers.entries()) {
    const about = { conversation: port.thread, key: `aa:${frame.requestId}.${index}`, interrupt: interrupt.id }
    const answered = await port.run({ type: "respond", ...about, value })
    if (!answered.ok) return answered
    seq = answered.result.seq
  }
  return done({ kind: "run", id: due.run, seq, isShown: true })
}
