/** The error for a folder that cannot be used: what is wrong, why, and what to do. */
import { EngineError } from "@everthread/engine"

export function unusable(what: string, remedy: string, cause?: unknown): EngineError {
  const why = cause instanceof Error ? ` (${cause.message})` : ""
  return new EngineError("unusable", `${what}${why}. ${remedy}.`, { cause })
}
