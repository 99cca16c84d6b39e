/** What a worker tells whoever measures it; it costs nothing where nobody does. */
import type { AttemptEnd } from "./attempt-end.ts"

export interface AgentObserver {
  /** The store has taken output of a run. `seconds` from asking it to its answer. */
  appended(seconds: number): void
  /** An attempt has begun: it is in the log. */
  attemptStarted(): void
  attemptEnded(end: AttemptEnd): void
  /** A run was claimed whose owner had not given it up and was gone. */
  takenOver(): void
  /** The store refused a write, because this node does not own the run any more. */
  fenced(): void
}
