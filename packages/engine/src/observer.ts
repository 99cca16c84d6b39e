/** What an engine tells whoever measures it; it costs nothing where nobody does. */

export interface EngineObserver {
  /**
   * One request to the store was answered, or given up.
   * @param operation what was asked, from a short list: `append`, `read`, `claim`.
   * @param seconds from asking to the answer.
   */
  roundTrip(operation: string, seconds: number, outcome: "answered" | "failed"): void
  /** A connection to the store was lost or given up, and another one takes its place. */
  reconnected(connection: "commands" | "subscriber"): void
}
