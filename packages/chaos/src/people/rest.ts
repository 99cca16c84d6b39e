/** The end of a case: all is sent, seen and done, and everybody is where the store is. */

import { nameOf } from "@everthread/sim"
import { until } from "@everthread/stage"
import type { Guest } from "../deployment/deployment.ts"
import type { Crowd } from "./crowd.ts"
import { restMsMax } from "./scene.ts"

/** Who is to come to rest. */
export interface People {
  readonly crowd: Crowd
  readonly guests: readonly Guest[]
}

/**
 * Resolves when nothing is awaited any more.
 * @param headOf where the log ends by the store itself. Where that cannot be asked, all have to be where the first device is.
 * @throws Error that says who waits for what.
 */
export async function rest(
  people: People,
  conversation: string,
  headOf: () => Promise<string | undefined> = async () => cursorOf(people.crowd, conversation),
  withinMs = restMsMax,
): Promise<void> {
  let awaited = ""
  const isAtRest = async () => {
    awaited = awaitedIn(people, conversation) ?? apartFrom(await headOf(), people, conversation) ?? ""
    return awaited === ""
  }
  await until("everything to come to rest", isAtRest, withinMs).catch((error: unknown) => {
    throw new Error(`${conversation} does not come to rest: ${awaited}`, { cause: error })
  })
}

function awaitedIn({ crowd, guests }: People, conversation: string): string | undefined {
  for (const device of crowd.devices) {
    const { awaits } = device.follow(conversation)
    if (awaits) return `${device.name} on ${device.node} awaits ${awaits}`
  }
  for (const guest of guests) {
    const awaits = guest.awaits(conversation)
    if (awaits) return `${guest.name} awaits ${awaits}`
  }
  return undefined
}

function cursorOf({ devices: [first] }: Crowd, conversation: string): string | undefined {
  return first?.follow(conversation).conversation.snapshot().cursor
}

function apartFrom(head: string | undefined, { crowd, guests }: People, conversation: string): string | undefined {
  const names = namesOf({ crowd, guests })
  for (const device of crowd.devices) {
    const { cursor, present } = device.follow(conversation).conversation.snapshot()
    if (cursor !== head) return `${device.name} on ${device.node} is at ${cursor} and the log at ${head}`
    const here = present.map(nameOf).sort().join(", ")
    if (here !== [...names].sort().join(", ")) return `${device.name} on ${device.node} takes for present ${here}`
  }
  for (const guest of guests) {
    const cursor = guest.cursorIn(conversation)
    if (cursor !== head) return `${guest.name} is at ${cursor} and the log at ${head}`
  }
  return undefined
}

/** `user/device` of everybody who is present in every conversation. */
export function namesOf({ crowd, guests }: People): readonly string[] {
  return [...crowd.names, ...guests.map(({ name }) => name)]
}
