/** Holds talks against everything that is promised: what their device saw, what a stranger sees, and what is stored. */
import type { Engine } from "@everthread/engine"
import { until } from "../../support/redis/index.ts"
import { check } from "../check/check.ts"
import { nameOf } from "../history/history.ts"
import type { Device, Place } from "./device.ts"
import type { Talk } from "./talk.ts"
import { freshView, storedLog } from "./truth.ts"

export interface Court {
  readonly follower: Device
  readonly place: Place
  readonly engine: Engine
  /** What the agent says, message by message. */
  readonly answer: readonly string[]
}

/** @returns what is wrong, in words; nothing, if all is well. */
export async function judgeTalks(talks: readonly Talk[], court: Court): Promise<readonly string[]> {
  const found: string[] = []
  for (const { id, watched } of talks) {
    const { follower, place, engine, answer } = court
    const { user, device, tap } = follower
    await until("the follower to be where the store is, and alone", async () => {
      const { cursor, present } = watched.conversation.snapshot()
      return cursor === (await engine.log.head(id)) && present.map(nameOf).join() === follower.name
    })
    const devices = [{ user, device, ...(await watched.history(tap)) }]
    const fresh = await freshView(user, id, place)
    const history = { conversation: id, devices, log: await storedLog(engine, id), fresh }
    const expected = { rollback: false, present: [follower.name], answer: () => answer }
    found.push(...check(history, expected).map(({ law, what }) => `${id} ${law}: ${what}`))
  }
  return found
}
