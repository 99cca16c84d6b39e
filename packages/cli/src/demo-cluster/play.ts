/** What every scene is given. */
import type { Clock, Random } from "@everthread/protocol"
import type { ThreeNodes } from "./cluster.ts"
import { Device } from "./device.ts"
import type { Stage } from "./stage.ts"
import type { DemoTexts } from "./texts.ts"
import { pause, until } from "./until.ts"

export interface Pace {
  /** Between two messages of one device, in milliseconds. */
  readonly stepMs: number
  /** For the reader, where something is to be seen, in milliseconds. */
  readonly lookMs: number
}

export const readingPace: Pace = { stepMs: 30, lookMs: 900 }
export const fastPace: Pace = { stepMs: 0, lookMs: 0 }

export interface Play {
  readonly nodes: ThreeNodes
  /** Part of every name that the show leaves in the store: a shared one is not confused by it. */
  readonly run: string
  /** Every device that was made: whoever began the show closes them, however it ends. */
  readonly opened: Device[]
  readonly clock: Clock
  readonly random: Random
  readonly pace: Pace
  readonly stage: Stage
  readonly texts: DemoTexts
}

export interface Role {
  /** As the display calls it. */
  readonly name: string
  readonly user: string
  readonly device: string
  readonly node: 0 | 1 | 2
}

/** Makes the devices of a scene. */
export function enter(play: Play, conversation: string, roles: readonly Role[]): Device[] {
  const { nodes, run, opened, clock, random } = play
  const devices = roles.map(({ name, user, device, node }) => {
    const who = { name, user: `${user}-${run}`, device }
    return new Device({ ...who, conversation, node: nodes[node], nodes, clock, random })
  })
  opened.push(...devices)
  return devices
}

/** The first of the devices makes the conversation, with everybody's users in it; resolves when all follow it. */
export async function begin(play: Play, conversation: string, devices: readonly Device[], agent?: string) {
  const users = await Promise.all(devices.map(async ({ client }) => (await client.ready()).user))
  const members = [...new Set(users.filter((user) => user !== users[0]))]
  await devices[0]?.client.create({ conversation, members, ...(agent === undefined ? {} : { agent }) })
  for (const device of devices) device.follow()
  await until(devices, () => devices.every(({ isLive }) => isLive), play.clock)
}

/** Waits so that something can be read, unless nobody reads. */
export function look({ clock, pace }: Play, times = 1): Promise<void> {
  return pace.lookMs === 0 ? Promise.resolve() : pause(clock, pace.lookMs * times)
}

/** Each of the devices writes so many messages, all at the same time. */
export async function writeAll(play: Play, devices: readonly Device[], count: number, word: string): Promise<void> {
  for (let n = 1; n <= count; n++) {
    for (const device of devices) device.write(`${word} ${n}`)
    if (play.pace.stepMs > 0) await pause(play.clock, play.pace.stepMs)
  }
}
