/**
 * The agents that this deployment serves, held against the one that somebody names. (SPEC AGT1)
 *
 * What a node knows of them may be a second old, and a worker have come meanwhile: so it is looked once more before anybody
 * is refused.
 */
import { refusedByStore } from "./append.ts"
import type { Agents } from "./core.ts"
import { type Refused, refused } from "./outcome.ts"

/** @param wanted whom to look for once more if it is not known; without it anybody will do. */
export async function servedNames(agents: Agents, wanted?: string): Promise<readonly string[]> {
  const { names } = agents
  if (wanted === undefined ? names.length > 0 : names.includes(wanted)) return names
  await agents.lookAgain?.()
  return agents.names
}

/** @returns the refusal of an agent that nobody serves; nothing where it is served, or none is named. */
export async function refuseUnserved(agent: string | undefined, agents: Agents): Promise<Refused | undefined> {
  if (agent === undefined) return undefined
  try {
    const names = await servedNames(agents, agent)
    if (names.includes(agent)) return undefined
    const message = `This deployment has no agent ${JSON.stringify(agent)}; it serves ${names.join(", ") || "none"}.`
    return refused("not_found", { field: "agent", message })
  } catch (error) {
    return refusedByStore(error)
  }
}
