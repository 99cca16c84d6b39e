/** The shape that both contestants are measured in: who is where, and what is said. */

/** Where each member of each room is: half of them on each node. */
export interface Shape {
  readonly rooms: number
  readonly members: number
  readonly textBytes: number
}

/** Members by turns on the nodes. */
export const nodeCount = 2

export const roomName = (room: number): string => `room-${room}`
export const userName = (room: number, member: number): string => `user-${room}-${member}`

/** Stands in every text and every token once: whoever counts looks for nothing else. Behind it is when that was sent. */
export const marker = "~~"
export const stampChars = 16

/** A time in whole microseconds behind a marker: also what stands for a token. */
export const stampOf = (atUs: number): string => marker + Math.round(atUs).toString().padStart(stampChars, "0")

/** A text of exactly so many bytes that begins with its time. */
export function textOf(bytes: number, atUs: number): string {
  const stamp = stampOf(atUs)
  return stamp + "what people say to each other ".repeat(Math.ceil(bytes / 30)).slice(0, bytes - stamp.length)
}
