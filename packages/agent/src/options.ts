/** Every time and size the agent side knows, with its unit and its default. */

export interface AgentOptions {
  /** Runs this node works on at a time, in different conversations. */
  readonly runsMax: number
  /** How often the node counts its heartbeat up, in milliseconds. */
  readonly heartbeatMs: number
  /** A node whose heartbeat has not moved for so long, by our own clock, is taken for dead, in milliseconds. */
  readonly leaseTtlMs: number
  /** How often open runs are looked at though nobody announced one, in milliseconds. */
  readonly pollMs: number
  /** How long text waits at most to be joined with what follows, in milliseconds. 0: not at all. */
  readonly deltaWindowMs: number
  /** Text that waits is written at once when it is so long, in characters. */
  readonly deltaCharsMax: number
  /** While more than this waits to be stored, the graph's stream is not read on, in characters. */
  readonly waitingCharsMax: number
  /** The first wait before an append is tried again, in milliseconds; it doubles up to `retryMsMax`. */
  readonly retryMs: number
  readonly retryMsMax: number
  /** How long a graph that was told to stop may take before its run is ended without it, in milliseconds. */
  readonly stopGraceMs: number
  /** How long one attempt may take, in milliseconds; 0: as long as it likes. */
  readonly runTimeoutMs: number
  /** Attempts in a row that get no further, before the run is given up. */
  readonly attemptsMax: number
  /** How long a run waits for an agent that no worker serves before it ends, in milliseconds. */
  readonly missingAfterMs: number
  /** Earlier messages of the conversation that a graph is given together with the one it answers. */
  readonly contextMessagesMax: number
  /** LangGraph's own limit of supersteps in one attempt. */
  readonly recursionLimit: number
}

export const defaultAgentOptions: AgentOptions = {
  runsMax: 64,
  heartbeatMs: 1_000,
  leaseTtlMs: 5_000,
  pollMs: 1_000,
  deltaWindowMs: 50,
  deltaCharsMax: 512,
  waitingCharsMax: 65_536,
  retryMs: 50,
  retryMsMax: 5_000,
  stopGraceMs: 2_000,
  runTimeoutMs: 900_000,
  attemptsMax: 5,
  missingAfterMs: 300_000,
  contextMessagesMax: 50,
  recursionLimit: 100,
}

/** What a graph's own values may take up in the log; longer ones are cut and say so. */
export const outputLimits = {
  /** A tool's input or output, in characters of JSON. */
  toolCharsMax: 16_384,
  /** A custom event, a block that is no text, or an interrupt's value, in characters of JSON. */
  valueCharsMax: 65_536,
  /** Objects and arrays inside each other. */
  depthMax: 16,
  /** More text that comes at once is stored in several events, each with at most so much, in characters. */
  deltaCharsMax: 16_384,
  /** What `once` keeps of one effect, in bytes of JSON. */
  effectBytesMax: 65_536,
  /** How long a question may wait before it expires, in milliseconds: a year and a day. */
  expiresInMsMax: 366 * 24 * 60 * 60 * 1_000,
  /** The sentence that tells people what went wrong, in characters. */
  errorCharsMax: 500,
} as const
