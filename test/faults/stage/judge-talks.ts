/** Holds talks against everything that is promised: what their device saw, what a stranger sees, and what is stored. */

import type { Device, Place } from "@everthread/chaos"
import { freshView, storedLog } from "@everthread/chaos"
import type { Engine } from "@everthread/engine"
import { check, type History, nameOf } from "@everthread/sim"
import { until } from "@everthread/stage"
import type { Talk } from "./talk.ts"

export interface Court {
  readonly follower: Device
  readonly place: Place
  /** What the agent says, message by message. */
  readonly answer: readonly string[]
  /** Opens the store to read it, when no node is needed any more. */
  openStore(): Promise<Engine>
}

/** @returns what is wrong, in words; nothing, if all is well. */
export async function judgeTalks(talks: readonly Talk[], court: Court): Promise<readonly string[]> {
  const seen: Omit<History, "log">[] = []
  for (const talk of talks) seen.push(await seenOf(talk, court))
  const { follower, answer } = court
  const expected = { rollback: false, present: [follower.name], answer: () => answer }
  const engine = await court.openStore()
  try {
    const histories: History[] = []
    for (const one of seen) histories.push({ ...one, log: await storedLog(engine, one.conversation) })
    const found = histories.flatMap((history) => check(history, expected))
    return found.map(({ law, conversation, what }) => `${conversation} ${law}: ${what}`)
  } finally {
    await engine.close()
  }
}

async function seenOf({ id, watched }: Talk, { follower, place }: Court): Promise<Omit<History, "log">> {
  const { user, device, tap } = follower
  const fresh = await freshView(user, id, place)
  await until("the follower to be where the stranger was, and alone", async () => {
    const { cursor, present } = watched.conversation.snapshot()
    return cursor === fresh.cursor && present.map(nameOf).join() === follower.name
  })
  return { conversation: id, devices: [{ user, device, ...(await watched.history(tap)) }], fresh }
}
