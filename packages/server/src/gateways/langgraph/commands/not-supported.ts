import { type Refused, refused } from "../../../core/outcome.ts"

/** A command of LangGraph's that has no meaning here. The field tells it from one that nobody knows. */
export function notSupported(field: string, message: string): Refused {
  return refused("unknown_command", { field, message })
}
