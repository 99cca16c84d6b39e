/** The end of an attack: everything is sent and seen, and everybody is in the same place. */
import { setTimeout as pause } from "node:timers/promises"
import type { Clock } from "@everthread/protocol"
import { nameOf } from "@everthread/sim"
import type { Guest } from "../deployment/deployment.ts"
import type { Device } from "../people/device.ts"

/** Long: who has written much in a storm waits for as long as a cluster limits its users. */
export const restMsMax = 90_000
const lookEveryMs = 50

export interface Resting {
  readonly devices: readonly Device[]
  readonly guests: readonly Guest[]
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Where the log ends by the store, where it can be asked. */
  headOf(conversation: string): Promise<string | undefined>
}

/** @returns who waits for what where it does not come to rest. */
export async function unrest(resting: Resting, conversation: string): Promise<string | undefined> {
  const { clock } = resting
  const endMs = clock.monotonic() + restMsMax
  for (;;) {
    const awaited = await awaitedIn(resting, conversation)
    if (awaited === undefined || clock.monotonic() >= endMs) return awaited
    await pause(lookEveryMs)
  }
}

async function awaitedIn(resting: Resting, conversation: string): Promise<string | undefined> {
  const { devices, guests } = resting
  for (const device of devices) {
    const { awaits } = device.follow(conversation)
    if (awaits !== undefined) return `${device.name} on ${device.node} awaits ${awaits}`
  }
  for (const guest of guests) {
    const awaits = guest.awaits(conversation)
    if (awaits !== undefined) return `${guest.name} awaits ${awaits}`
  }
  return apart(resting, conversation, await resting.headOf(conversation))
}

function apart({ devices, guests }: Resting, conversation: string, head: string | undefined): string | undefined {
  const names = [...devices, ...guests].map(({ name }) => name)
  for (const device of devices) {
    const { cursor, present } = device.follow(conversation).conversation.snapshot()
    if (cursor !== head) return `${device.name} on ${device.node} is at ${cursor} and the log at ${head}`
    const here = present.map(nameOf).sort().join(", ")
    if (here !== names.sort().join(", ")) return `${device.name} on ${device.node} takes for present ${here}`
  }
  const behind = guests.find((guest) => guest.cursorIn(conversation) !== head)
  return behind && `${behind.name} is at ${behind.cursorIn(conversation)} and the log at ${head}`
}
