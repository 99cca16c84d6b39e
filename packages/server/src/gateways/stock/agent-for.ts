/** Who is to answer in a thread, by the name that a client gives, or gives not. (SPEC AGT1) */
import { stateOf } from "../../core/commands/access.ts"
import type { Agents } from "../../core/core.ts"
import { done, type Outcome, refused } from "../../core/outcome.ts"
import { servedNames } from "../../core/served-agents.ts"
import { enter } from "./entrance.ts"
import type { ThreadPort } from "./thread-port.ts"

/** Enters the thread, and begins it where it is not there. @returns who is to answer; `undefined`: the thread's own agent. */
export async function agentFor(
  port: ThreadPort,
  wanted: string | undefined,
  field: string,
): Promise<Outcome<string | undefined>> {
  const { agents } = port.core
  const named = await agentNamed(agents, wanted, field)
  if (!named.ok) return named
  const [first] = agents.names
  const entered = await enter(port, wanted ?? first)
  if (!entered.ok) return entered
  if (wanted !== undefined) return done(wanted)
  const own = (await stateOf(port.core, port.thread))?.agent
  return done(own === undefined ? first : undefined)
}

/**
 * @param field where the client names it.
 * @returns the agent of this name; `undefined` where none is named.
 */
export async function agentNamed(
  agents: Agents,
  wanted: string | undefined,
  field: string,
): Promise<Outcome<string | undefined>> {
  const names = await servedNames(agents, wanted)
  if (names.length === 0) return refused("not_found", { field, message: "No agent is served here." })
  if (wanted === undefined || names.includes(wanted)) return done(wanted)
  const message = `${field}: there is no agent ${JSON.stringify(wanted.slice(0, 64))} here; there are ${names.join(", ")}.`
  return refused("not_found", { field, message })
}
