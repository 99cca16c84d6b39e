/** The agents that this deployment serves, held against the one that somebody names. (SPEC AGT1) */
import type { Agents } from "./core.ts"
import { type Refused, refused } from "./outcome.ts"

/** @returns the refusal of an agent that nobody serves; nothing where it is served, or none is named. */
export function refuseUnserved(agent: string | undefined, { names }: Agents): Refused | undefined {
  if (agent === undefined || names.includes(agent)) return undefined
  const message = `This deployment has no agent ${JSON.stringify(agent)}; it serves ${names.join(", ") || "none"}.`
  return refused("not_found", { field: "agent", message })
}
