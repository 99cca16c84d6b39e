/** Commands about runs: stop them, answer what they ask. */
import { type ConversationState, type EventBody, isOpen, limits, type Run } from "@everthread/protocol"
import { append, byOf } from "../append.ts"
import type { CommandOf } from "../command.ts"
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
  if (!interrupt) {
    const message = `Nothing is asked under ${JSON.stringify(id)} here: it never was, or its run has ended.`
    return refused("not_found", { field: "interrupt", message })
  }
  const body: EventBody = {
    type: "input.responded",
    time: core.clock.now(),
    by: byOf(actor),
    run: interrupt.run,
    interrupt: id,
    value,
  }
  return append(core, {
    command,
    actor,
    bodies: [body],
    guards: {
      expect: { name: `interrupt:${id}`, is: null, becomes: actor.user },
      runs: [{ run: interrupt.run, state: "open" }],
    },
    unexpected: (actual) => alreadyAnswered(actual ?? "somebody"),
  })
}

function alreadyAnswered(by: string) {
  return refused("already_answered", {
    field: "interrupt",
    message: `Already answered by ${by}; the first answer counts.`,
  })
}

function answerTooLong() {
  const message = `An answer may have at most ${limits.answerBytesMax} bytes of JSON.`
  return refused("invalid_field", { field: "value", limit: limits.answerBytesMax, message })
}
