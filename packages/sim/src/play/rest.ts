/** When everything has come to rest: every outbox empty, every run over, everybody where the store is. */
import type { SimDevice } from "../device/sim-device.ts"
import { nameOf } from "../history/history.ts"
import { headOf } from "../store/read.ts"
import { answerOne } from "./act.ts"
import type { World } from "./world.ts"

/** How long everything may take to come to rest once all is mended, in virtual milliseconds. */
const restMsMax = 60_000
const lookEveryMs = 25

/** @param tellsAll whether everybody has to know who is here. @throws Error that says who waits for what. */
export async function rest(world: World, conversations: readonly string[], tellsAll: boolean): Promise<void> {
  let awaited: string | undefined
  const awaitedOf = (id: string) => awaitedIn(world, id) ?? (tellsAll ? awaitedNews(world, id) : undefined)
  const isAtRest = () => {
    awaited = firstOf(conversations, awaitedOf)
    return awaited === undefined
  }
  await until(world, () => `everything to come to rest: ${awaited}`, isAtRest, restMsMax)
}

function firstOf<T>(ids: readonly string[], look: (id: string) => T | undefined): T | undefined {
  for (const id of ids) {
    const found = look(id)
    if (found !== undefined) return found
  }
  return undefined
}

/** Looked at now and then: to look each time that anything happens would be most of the work. */
export async function until(
  world: World,
  what: string | (() => string),
  holds: () => boolean,
  msMax: number,
): Promise<void> {
  const endMs = world.nowMs() + msMax
  while (!holds()) {
    if (world.nowMs() >= endMs) throw new Error(`waited in vain for ${typeof what === "string" ? what : what()}`)
    await world.scheduler.runUntil(() => false, world.nowMs() + lookEveryMs)
  }
}

function awaitedIn(world: World, conversation: string): string | undefined {
  const head = world.store.read((state) => headOf(state, conversation))
  for (const device of world.devices.filter(({ isOver }) => !isOver)) {
    const watched = device.follow(conversation)
    const { status, cursor, error } = watched.conversation.snapshot()
    if (status === "closed" && error?.code === "not_member" && staysAway(world, conversation, device)) continue
    answerOne(watched.conversation)
    if (watched.awaits) return `${device.name} awaits ${watched.awaits} in ${conversation}`
    if (cursor !== head) return `${device.name} is at ${cursor} and the log of ${conversation} at ${head}`
  }
  return undefined
}

/** Whose device does not know yet who is here. */
function awaitedNews(world: World, conversation: string): string | undefined {
  const here = hereIn(world, conversation).sort().join(", ")
  for (const device of world.devices.filter(({ isOver }) => !isOver)) {
    const { status, present } = device.follow(conversation).conversation.snapshot()
    const shown = present.map(nameOf).sort().join(", ")
    if (status === "live" && shown !== here) return `${device.name} to show ${here} instead of ${shown}`
  }
  return undefined
}

/** Everybody who is a member, and the stranger. */
export function hereIn(world: World, conversation: string): string[] {
  return world.devices
    .filter(({ user, isOver }) => !isOver && isMember(world, conversation, user))
    .map(({ name }) => name)
}

/** Who was removed and added again opens the conversation again. @returns whether it is left alone, as no member. */
function staysAway(world: World, conversation: string, { user, client }: SimDevice): boolean {
  const isIn = isMember(world, conversation, user)
  if (isIn) void client.join(conversation).catch(() => undefined)
  return !isIn
}

export const isMember = (world: World, conversation: string, user: string): boolean =>
  world.store.read(({ conversations }) => conversations.get(conversation)?.members.has(user) === true)
