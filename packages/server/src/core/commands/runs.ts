/** Commands about runs: stop them, answer what they ask. */
import { questionExpired, questionValueName, type RunChange } from "@everthread/engine"
import {
  type ConversationState,
  type EventBody,
  type Interrupt,
  isOpen,
  type Json,
  limits,
  type Run,
} from "@everthread/protocol"
import { append, byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
import { appendDecided, type Decision } from "../decided.ts"
import { done, type Outcome, refused } from "../outcome.ts"
import { findForMember } from "./access.ts"
import type { CommandContext, HandlersOf, StoredOutcome } from "./handler.ts"

export const runHandlers: HandlersOf<"stop" | "respond"> = { stop, respond }

/**
 * Asks for runs to stop. The worker that owns one hears it in the log; one that nobody owns is opened
 * so that some worker sees that it is to end. (SPEC RUN4)
 */
async function stop(context: CommandContext, command: CommandOf<"stop">): StoredOutcome {
  const { core, actor } = context
  const { conversation } = command
  const lookup = await findForMember(context, conversation, (state) =>
    state.runs.find((run) => (command.run === undefined ? isOpen(run) : run.id === command.run)),
  )
  if (!lookup.ok) return lookup
  const runs = runsToStop(lookup.result.state, command.run)
  if (!runs.ok) return runs
  const time = core.clock.now()
  const bodies = runs.result.map((run): EventBody => ({ type: "run.stop", time, by: byOf(actor), run: run.id }))
  // Without a word about the agent: whoever comes first may end it, also where nobody serves its agent.
  const guards = { runs: runs.result.map((run) => ({ run: run.id, state: "open" as const })) }
  return append(core, { command, actor, bodies, guards })
}

function runsToStop(state: ConversationState, id: string | undefined): Outcome<readonly Run[]> {
  if (id === undefined) {
    const open = state.runs.filter(isOpen)
    return open.length > 0 ? done(open) : refused("not_found", { message: "No run is going on in this conversation." })
  }
  const run = openRun(state, id)
  return run.ok ? done([run.result]) : run
}

/** @returns the run of this id, if it has not ended. */
export function openRun(state: ConversationState, id: string): Outcome<Run> {
  const run = state.runs.find((held) => held.id === id)
  if (!run) return refused("not_found", { field: "run", message: `There is no run ${JSON.stringify(id)} here.` })
  if (!isOpen(run)) return refused("run_ended", { field: "run", message: `The run has ended before: ${run.status}.` })
  return done(run)
}

/** Stores the answer to an interrupt if it is the first, and wakes the run that waits for it. (SPEC RUN5) */
async function respond(context: CommandContext, command: CommandOf<"respond">): StoredOutcome {
  const { core, actor } = context
  const { conversation, interrupt: id, value } = command
  const lookup = await findForMember(context, conversation, ({ interrupts }) =>
    interrupts.find((held) => held.id === id),
  )
  if (!lookup.ok) return lookup
  if (Buffer.byteLength(JSON.stringify(value)) > limits.answerBytesMax) return answerTooLong()
  const interrupt = lookup.result.found
  if (!interrupt) return nothingAsked(id)
  const misfit = await misfitOf(context, interrupt, value)
  if (misfit) return misfit
  const write = {
    command,
    actor,
    unexpected: (actual: string | null) => alreadyAnswered(actual ?? "somebody"),
  }
  return appendDecided(core, write, (state) => {
    const asked = state.interrupts.find((held) => held.id === id)
    return asked ? done(answered(context, command, state, asked.run)) : nothingAsked(id)
  })
}

/** Only while nothing else has happened: an answer to a run that has ended meanwhile would stand behind its end. */
function answered(
  { core, actor }: CommandContext,
  { interrupt, value }: CommandOf<"respond">,
  state: ConversationState,
  run: string,
): Decision {
  const body: EventBody = {
    type: "input.responded",
    time: core.clock.now(),
    by: byOf(actor),
    run,
    interrupt,
    value,
  }
  const expect = { name: questionValueName(interrupt), is: null, becomes: actor.user }
  return { bodies: [body], guards: { expect, runs: [openedAgain(state, run)] }, grownMax: 0 }
}

function nothingAsked(interrupt: string) {
  const message = `Nothing is asked under ${JSON.stringify(interrupt)} here: it never was, or its run has ended.`
  return refused("not_found", { field: "interrupt", message })
}

/** Whose it is and for which agent is said again, because the store keeps what was said last. */
function openedAgain({ runs }: ConversationState, id: string): RunChange {
  const run = runs.find((held) => held.id === id)
  return { run: id, state: "open", ...(run && { about: { agent: run.agent, user: run.by.user } }) }
}

/** @returns why the answer does not fit what was asked. One that comes too late is told that first. (SPEC ASK1) */
async function misfitOf({ core }: CommandContext, { schema, answer }: Interrupt, value: Json) {
  if (!schema || answer) return undefined
  const verdict = await core.answers.check(schema, value)
  if (verdict === "busy") return refused("unavailable", { message: "Too many answers are being checked; try again." })
  if ("unusable" in verdict) {
    const message = `The answer cannot be checked against the question's schema: ${shown(verdict.unusable)}. Stop the run, and tell the agent's author.`
    return refused("invalid_field", { field: "value", message })
  }
  if (verdict.fits) return undefined
  const field = ["value", ...verdict.path].join(".")
  return refused("invalid_field", { field: shown(field), message: `${shown(field)}: ${shown(verdict.reason)}` })
}

/** A field's name and a reason hold what a graph's author and a stranger have chosen. */
function shown(text: string): string {
  return text.length > shownCharsMax ? `${text.slice(0, shownCharsMax)}…` : text
}

const shownCharsMax = 300

function alreadyAnswered(by: string) {
  const message =
    by === questionExpired
      ? "The question has expired: nobody had answered in time, and the run went on without."
      : `Already answered by ${by}; the first answer counts.`
  return refused("already_answered", { field: "interrupt", message })
}

function answerTooLong() {
  const message = `An answer may have at most ${limits.answerBytesMax} bytes of JSON.`
  return refused("invalid_field", { field: "value", limit: limits.answerBytesMax, message })
}
