/** The shape that both contestants are measured in: who is where, and what is said. */

/** Where each member of each room is: half of them on each node. */
export interface Shape {
  readonly rooms: number
  readonly members: number
  readonly textBytes: number
}

export const nodeCount = 2

/** Members by turns on the nodes. */
export const nodeOf = (member: number): number => member % nodeCount

export const roomName = (room: number): string => `room-${room}`
export const userName = (room: number, member: number): string => `user-${room}-${member}`

/** Stands in every text once: whoever counts looks for nothing else. Behind it is when the text was sent. */
export const marker = "~~"
export const stampChars = 12

/** A text of exactly so many bytes, with the time in whole microseconds in its middle. */
export function textOf(bytes: number, atUs: number): string {
  const stamp = marker + Math.round(atUs).toString().padStart(stampChars, "0")
  return stamp + "what people say to each other ".repeat(Math.ceil(bytes / 30)).slice(0, bytes - stamp.length)
}
