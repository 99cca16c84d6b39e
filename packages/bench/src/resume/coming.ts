/** What the bench and the process with the devices say to each other. */

/** Devices come, each says what it has to say, and hears until it is live. */
export interface Coming {
  readonly ask: "come"
  readonly port: number
  readonly path: string
  /** For each device what it says when its connection is open, one frame behind the other. */
  readonly says: readonly (readonly string[])[]
  /** It is live when it has heard this so often. */
  readonly mark: string
  readonly marks: number
  /**
   * `open`: first all of them open their connections, then all speak at the same moment, from which is counted. `connect`:
   * each connects at its own moment, from which is counted.
   */
  readonly from: "open" | "connect"
  /** With `connect`: when each begins, behind the first one's moment. Without: all at the same moment. */
  readonly startsMs?: readonly number[]
  /** What is to be given back of what each heard. */
  readonly heard: "nothing" | "text"
}

/** Everybody goes, without a word. */
export interface Going {
  readonly ask: "go"
}

export type ToDevices = Coming | Going

export interface Came {
  /** Of each device, until it was live. */
  readonly liveMs: readonly number[]
  /** From the first one's beginning until the last one was live. */
  readonly allMs: number
  readonly bytes: number
  /** Share of one core that the devices' process took meanwhile. */
  readonly busy: number
  readonly heard: readonly string[]
  /** How often devices were turned away and came again. */
  readonly again: number
}
