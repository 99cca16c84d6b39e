/** `input.respond` and `input.inject`: answers to questions, and words to an agent at work. */
import { type Answer, endOf, keyOf } from "@everthread/protocol/langgraph"
import { fields } from "@everthread/protocol/schema"
import * as z from "zod"
import { freshIdChars } from "../../../core/core.ts"
import { done, type Outcome, refused } from "../../../core/outcome.ts"
import { answerKey } from "../../stock/answer-key.ts"
import type { ThreadPort } from "../../stock/thread-port.ts"
import { lastHumanMessage } from "./human-message.ts"
import { notSupported } from "./not-supported.ts"

/** The mark of an answer's key, which no message's has. */
const answerMark = "la:"

/** Answers in one command: more than a graph may ask at a time. */
const responsesMax = 500

const response = z.object({ interrupt_id: fields.id, response: fields.json.optional() })

/** One answer, or several at once. */
export const respondSchema = z.object({
  ...response.partial().shape,
  responses: z.array(response).min(1).max(responsesMax).optional(),
  update: z.unknown().optional(),
  goto: z.unknown().optional(),
})

/**
 * Stores each answer, if it is the first to its question; the run goes on when all are answered. An
 * answer that is repeated is the same one.
 */
export async function respond(port: ThreadPort, params: z.infer<typeof respondSchema>): Promise<Outcome<Answer>> {
  if (params.update !== undefined || params.goto !== undefined) {
    return notSupported(
      "update",
      "A question is answered with a response; update and goto would change the graph's state past the log.",
    )
  }
  const {
    interrupt_id,
    response,
    responses = interrupt_id === undefined ? undefined : [{ interrupt_id, response }],
  } = params
  if (!responses) return noneNamed()
  let seq = 0
  for (const { interrupt_id: interrupt, response: value = null } of responses) {
    const about = { conversation: port.thread, key: answerKey(answerMark, interrupt, value), interrupt }
    const answered = await port.run({ type: "respond", ...about, value })
    if (!answered.ok) return answered
    seq = answered.result.seq
  }
  return done({ result: {}, throughPosition: endOf(seq) })
}

function noneNamed(): Outcome<never> {
  const message = "interrupt_id: name the question that is answered"
  return refused("invalid_field", { field: "interrupt_id", message })
}

export interface Inject {
  readonly message?: unknown
}

/** The run that is under way takes the message in, after the superstep that it is in. */
export async function inject(port: ThreadPort, { message }: Inject): Promise<Outcome<Answer>> {
  const read = lastHumanMessage({ messages: [message] })
  if (!read.ok) return read
  const key = keyOf(read.result.id ?? port.core.random.id(freshIdChars))
  const about = { conversation: port.thread, key, text: read.result.text }
  const sent = await port.run({ type: "send", ...about, whenBusy: "steer" })
  return sent.ok ? done({ result: {}, throughPosition: endOf(sent.result.seq) }) : sent
}
