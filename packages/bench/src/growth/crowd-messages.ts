/** What the bench and the process with the crowd say to each other. */

/** Who is to be there: rooms, and connections that follow some of them. */
export interface Gathering {
  readonly ask: "gather"
  readonly rooms: readonly string[]
  readonly connections: readonly { readonly port: number; readonly rooms: readonly number[] }[]
}

/** So many messages, to the rooms by turns, each by the first connection that follows the room. */
export interface Talk {
  readonly ask: "talk"
  readonly messages: number
  readonly perSecond: number
}

export interface Talked {
  readonly deliveries: number
  readonly seconds: number
  /** Share of one core. */
  readonly busy: number
}
