/** So many runs at once, each of so many tokens at this rate. */
export interface Talking {
  readonly runs: number
  readonly tokens: number
  readonly perSecond: number
}

/** What the devices of one round were given. */
export interface Heard {
  /** Of each run, from the question to the first word on the device that only listens, in milliseconds. */
  readonly firstWordMs: readonly number[]
  /** Characters of agents' text, in UTF-8 bytes, over all devices. */
  readonly textBytes: number
  /** Everything that came over their sockets, WebSocket headers included. */
  readonly wireBytes: number
  /** Of both, what came as text that goes on, which is nearly all of a long answer. */
  readonly leanTextBytes: number
  readonly leanWireBytes: number
}

/** What one answer costs and how long its first word takes, in the process of the graph alone. */
export interface Streamed {
  /** The processor time of all runs together, in microseconds. */
  readonly cpuUs: number
  /** Of each run, from asking to its first word, in milliseconds. */
  readonly firstWordMs: readonly number[]
}

/** First they come, then they listen: coming is no part of what a token costs. */
export interface ToListeners {
  readonly ask: "enter" | "listen"
  readonly talking: Talking
}
