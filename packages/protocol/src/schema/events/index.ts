/** Everything that may stand in a log. */
import * as z from "zod"
import * as people from "./people.ts"
import * as run from "./run.ts"

export { people, run }

export const eventBody = z.discriminatedUnion("type", [
  people.conversationCreated,
  people.conversationChanged,
  people.copied,
  people.expired,
  people.memberAdded,
  people.memberRemoved,
  people.message,
  people.edit,
  people.redaction,
  people.reacted,
  people.receipt,
  people.inputResponded,
  people.runStop,
  people.runPromoted,
  run.runQueued,
  run.runAttempt,
  run.runWaiting,
  run.runEnded,
  run.rewind,
  run.inputRequested,
  run.agentOutput,
  run.delta,
])

/** An entry's content as it is stored: its place in the log is the entry's id, not part of it. */
export type EventBody = z.infer<typeof eventBody>
export type EventType = EventBody["type"]
export type EventOf<T extends EventType> = Extract<EventBody, { type: T }>

/** An event as it is delivered: its content and its place. A joined delta carries its last place. */
export type LogEvent = EventBody & { readonly seq: number }
export type LogEventOf<T extends EventType> = EventOf<T> & { readonly seq: number }

export const logEvent = z.intersection(eventBody, z.object({ seq: z.int().min(1) }))
