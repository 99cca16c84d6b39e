/** Whether a conversation has come to rest: all is sent, seen and done, and everybody is where the log is and sees who is there. */
import { nameOf } from "@everthread/sim"
import type { Guest } from "../deployment/deployment.ts"
import type { Device } from "./device.ts"

/** Who is to come to rest. */
export interface People {
  readonly devices: readonly Device[]
  readonly guests: readonly Guest[]
}

/** @returns where the log of a conversation ends. */
export type HeadOf = (conversation: string) => Promise<string | undefined>

/** @returns who waits for what, or is not where the others are; `undefined` at rest. */
export async function unrest(people: People, conversation: string, headOf: HeadOf): Promise<string | undefined> {
  return awaitedBy(people, conversation) ?? apartFrom(await headOf(conversation), people, conversation)
}

/** Where nobody can be asked for the head, all have to be where the first device is. */
export function headByFirst({ devices: [first] }: Pick<People, "devices">): HeadOf {
  return async (conversation) => first?.follow(conversation).conversation.snapshot().cursor
}

/** `user/device` of everybody who is present in every conversation. */
export function namesOf({ devices, guests }: People): readonly string[] {
  return [...devices, ...guests].map(({ name }) => name)
}

function awaitedBy({ devices, guests }: People, conversation: string): string | undefined {
  for (const device of devices) {
    const { awaits } = device.follow(conversation)
    if (awaits !== undefined) return `${device.name} on ${device.node} awaits ${awaits}`
  }
  for (const guest of guests) {
    const awaits = guest.awaits(conversation)
    if (awaits !== undefined) return `${guest.name} awaits ${awaits}`
  }
  return undefined
}

function apartFrom(head: string | undefined, people: People, conversation: string): string | undefined {
  const names = namesOf(people)
  for (const device of people.devices) {
    const { cursor, present } = device.follow(conversation).conversation.snapshot()
    if (cursor !== head) return `${device.name} on ${device.node} is at ${cursor} and the log at ${head}`
    const mistaken = mistakenIn(present.map(nameOf), names)
    if (mistaken) return `${device.name} on ${device.node} ${mistaken}`
  }
  for (const guest of people.guests) {
    const cursor = guest.cursorIn(conversation)
    if (cursor !== head) return `${guest.name} is at ${cursor} and the log at ${head}`
    const mistaken = mistakenIn(guest.presentIn(conversation), names)
    if (mistaken) return `${guest.name} ${mistaken}`
  }
  return undefined
}

/** @returns who is missing among those who are taken for present, and who is too many; `undefined` where that is right. */
function mistakenIn(taken: readonly string[], names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !taken.includes(name))
  const tooMany = taken.filter((name) => !names.includes(name))
  if (missing.length + tooMany.length === 0) return undefined
  return `does not know of ${missing.join(", ") || "nobody"}, and takes for present ${tooMany.join(", ") || "nobody else"}`
}
