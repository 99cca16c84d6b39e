/**
 * What a message to an agent comes to, by what the agent has to do already: pure. (SPEC QUE2, QUE3, QUE4, QUE7)
 *
 * It is decided by a state that may be out of date, so what it says holds only for as long as the log has not grown by
 * more than `grownMax` entries since: whoever appends it has the store see to that.
 */
import {
  type ConversationState,
  type EventBody,
  type EventOf,
  isOpen,
  isWaitingItsTurn,
  limits,
  type Run,
  type WhenBusy,
} from "@everthread/protocol"
import type { Decision } from "../decided.ts"
import { done, type Outcome, refused } from "../outcome.ts"

export interface Asked {
  readonly message: EventOf<"message">
  readonly run: string
  readonly agent: string
}

type Policies = { readonly [P in WhenBusy]: (asked: Asked, open: readonly Run[]) => Outcome<Decision> }

/** Every run begins with a message and a request: so many entries at least stand between one run and the next. */
const entriesARunMin = 2

const policies: Policies = {
  enqueue: (asked, open) => done({ ...queued(asked), grownMax: roomFor(open.length) }),
  steer: (asked, open) => done({ ...queued(asked, "steer"), grownMax: roomFor(open.length) }),
  interrupt: (asked, open) => done({ ...interrupting(asked, open), grownMax: 0 }),
  reject: (asked, open) => (open.length > 0 ? busy(open) : done({ ...queued(asked), grownMax: 0 })),
}

export function whatBecomesOf(policy: WhenBusy, state: ConversationState, asked: Asked): Outcome<Decision> {
  const open = state.runs.filter(isOpen)
  const outcome = policies[policy](asked, open)
  return outcome.ok && open.length >= limits.openRunsMax ? tooManyRuns() : outcome
}

/** By how much the log may grow without there being too many runs. */
function roomFor(open: number): number {
  return entriesARunMin * Math.max(0, limits.openRunsMax - open - 1)
}

function queued({ message, run, agent }: Asked, whenBusy?: WhenBusy): Pick<Decision, "bodies" | "guards"> {
  const { time, by, id } = message
  const request: EventBody = {
    type: "run.queued",
    time,
    by,
    run,
    agent,
    message: id,
    ...(whenBusy === undefined ? {} : { whenBusy }),
  }
  return { bodies: [message, request], guards: { runs: [{ run, state: "open", about: { agent, user: by.user } }] } }
}

/** Whatever was begun stops, a question that waits for its answer too; what waits its turn stands behind this one. */
function interrupting(asked: Asked, open: readonly Run[]): Pick<Decision, "bodies" | "guards"> {
  if (open.length === 0) return queued(asked)
  const { time, by } = asked.message
  const begun = open.filter((run) => !isWaitingItsTurn(run) && !run.stopBy).map(({ id }) => id)
  const stops = begun.map((run): EventBody => ({ type: "run.stop", time, by, run }))
  const { bodies, guards } = queued(asked, "interrupt")
  const promoted: EventBody = { type: "run.promoted", time, by, run: asked.run }
  return {
    bodies: [...stops, ...bodies, promoted],
    guards: { runs: [...begun.map((run) => ({ run, state: "open" as const })), ...(guards.runs ?? [])] },
  }
}

function busy(open: readonly Run[]) {
  const agents = [...new Set(open.map(({ agent }) => agent))].join(", ")
  const message = `${agents} is at work here, and this message asked to be refused then; send it again when the run has ended.`
  return refused("busy", { message })
}

function tooManyRuns() {
  const message = `At most ${limits.openRunsMax} runs may wait in one conversation; stop some, or wait for an answer.`
  return refused("limit_reached", { limit: limits.openRunsMax, message })
}
