/** How an attempt may end. */
export type AttemptEnd =
  /** The run has ended, or had before. */
  | "ended"
  /** It waits for people. */
  | "waiting"
  /** It is open and somebody else shall go on with it. */
  | "handed-over"
  /** Somebody else owns the conversation, or the store cannot be used. */
  | "lost"
