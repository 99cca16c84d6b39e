/** So many runs at once, each of so many tokens at this rate. */
export interface Talking {
  readonly runs: number
  readonly tokens: number
  readonly perSecond: number
}

/** What the devices of one round were given. */
export interface Heard {
  /** Characters of agents' text, in UTF-8 bytes, over all devices. */
  readonly textBytes: number
  /** Everything that came over their sockets, WebSocket headers included. */
  readonly wireBytes: number
  /** Of both, what came as text that goes on, which is nearly all of a long answer. */
  readonly leanTextBytes: number
  readonly leanWireBytes: number
}

/** First they come, then they listen: coming is no part of what a token costs. */
export interface ToListeners {
  readonly ask: "enter" | "listen"
  readonly talking: Talking
}
