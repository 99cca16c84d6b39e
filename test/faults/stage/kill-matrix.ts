/**
 * Plays the whole kill matrix at once: all journeys set out together, and whenever each of them has come to where it is
 * to die, or to its end, the node on which most of them are held is killed. So a few kills are enough for all rows.
 */

import { Device, type Place, storedLog } from "@everthread/chaos"
import type { Engine } from "@everthread/engine"
import { systemRandom } from "@everthread/protocol"
import { type History, nameOf } from "@everthread/sim"
import type { FaultNode } from "@everthread/stage"
import { until } from "@everthread/stage"
import { Journey } from "./journey.ts"
import { type Row, rows } from "./matrix-rows.ts"
import type { Watcher } from "./watcher.ts"

export interface Theatre {
  readonly nodes: readonly FaultNode[]
  readonly place: Place
  readonly watcher: Watcher
  /** Whether another node goes on; else the same one does, once it is started again. */
  readonly hasOthers: boolean
  /** Opens the store to read it. No node needs it any more. */
  openStore(): Promise<Engine>
}

export interface Played {
  readonly row: Row
  readonly history: History
  /** Nodes of the attempts, in their order. */
  readonly attempts: readonly string[]
}

const restMsMax = 60_000

export async function playMatrix(theatre: Theatre): Promise<readonly Played[]> {
  const { place, watcher } = theatre
  const follower = new Device("ada", "follower", place)
  const stranger = new Device("ada", "stranger", place)
  try {
    const ids = rows.map((_, index) => `${index}-${systemRandom.id(6)}`)
    const begin = (row: Row, index: number) => Journey.begin(row, ids[index] ?? "", follower, watcher)
    const journeys = await Promise.all(rows.map(begin))
    await killAll(theatre, journeys)
    const ends = await Promise.all(journeys.map((journey) => endOf(journey, follower)))
    const fresh = await Promise.all(journeys.map((journey) => freshEnd(journey, stranger)))
    for (const node of theatre.nodes) await node.kill()
    return await withLogs(theatre, journeys, (index) => ({ device: ends[index], fresh: fresh[index] }))
  } finally {
    follower.close()
    stranger.close()
  }
}

async function killAll({ nodes, hasOthers }: Theatre, journeys: readonly Journey[]): Promise<void> {
  const settle = (some: readonly Journey[]) => settled(some, journeys)
  for (;;) {
    await settle(journeys)
    const struckOn = (node: FaultNode) => journeys.filter(({ isReady, node: by }) => isReady && by === node.name)
    const [victim] = [...nodes].sort((one, other) => struckOn(other).length - struckOn(one).length)
    const struck = victim ? struckOn(victim) : []
    if (!victim || struck.length === 0) return
    await victim.kill()
    for (const journey of struck) journey.strike()
    if (!hasOthers) await victim.start()
    await settle(struck)
    if (hasOthers) await victim.start()
  }
}

/** In vain it says for which. */
async function settled(some: readonly Journey[], all: readonly Journey[]): Promise<void> {
  const isSettled = async () => {
    for (const journey of all) journey.answer()
    return some.every(({ isReady, hasEnded }) => isReady || hasEnded)
  }
  await until("all journeys to come to rest", isSettled, restMsMax).catch((error: unknown) => {
    const moving = some.filter(({ isReady, hasEnded }) => !isReady && !hasEnded)
    throw new Error(`not at rest: ${moving.map(({ shown }) => shown).join("; ")}`, { cause: error })
  })
}

async function endOf({ conversation }: Journey, follower: Device) {
  const { user, device } = follower
  const watched = follower.follow(conversation)
  await until("the follower to be alone", async () => {
    const { status, present } = watched.conversation.snapshot()
    return status === "live" && present.map(nameOf).join() === follower.name
  })
  return { user, device, ...(await watched.history(follower.tap)) }
}

async function freshEnd({ conversation }: Journey, stranger: Device) {
  const watched = stranger.follow(conversation)
  await until("a fresh device to be live", async () => watched.conversation.snapshot().status === "live")
  return watched.view()
}

type Seen = { readonly device: History["devices"][number] | undefined; readonly fresh: History["fresh"] | undefined }

async function withLogs(theatre: Theatre, journeys: readonly Journey[], seen: (index: number) => Seen) {
  const engine = await theatre.openStore()
  try {
    const played: Played[] = []
    for (const [index, { row, conversation }] of journeys.entries()) {
      const { device, fresh } = seen(index)
      if (!device || !fresh) throw new Error(`nothing is known of ${conversation}`)
      const log = await storedLog(engine, conversation)
      const attempts = log.flatMap(({ event }) => (event.type === "run.attempt" ? [event.node] : []))
      played.push({ row, history: { conversation, devices: [device], log, fresh }, attempts })
    }
    return played
  } finally {
    await engine.close()
  }
}
