/**
 * One case: people write, something is done to the servers meanwhile, it is mended, and when everything has come to
 * rest what was recorded is held against what is promised.
 */
import { openRedisEngine } from "@everthread/engine-redis"
import { check, type Finding, type History, nameOf, seededRandom } from "@everthread/sim"
import { answerTo, until } from "@everthread/stage"
import { type Counts, countsOf } from "./counts.ts"
import { Crowd, type CrowdSize } from "./crowd.ts"
import type { Device, Place } from "./device.ts"
import { NodePlace } from "./node-place.ts"
import { restMsMax, type Scene, type Stage, sceneOf } from "./scene.ts"
import { freshView, storedLog } from "./truth.ts"

export interface Plan extends CrowdSize {
  readonly seed: number
  /** Whether the store may have gone back. */
  readonly rollback?: boolean
}

export interface Outcome {
  readonly counts: Counts
  readonly findings: readonly Finding[]
  readonly histories: readonly History[]
}

export async function play(stage: Stage, plan: Plan, nemesis: (scene: Scene) => Promise<void>): Promise<Outcome> {
  const random = seededRandom(plan.seed)
  const place = new NodePlace(stage.nodes, random.fraction)
  const crowd = await Crowd.gather(plan, place, random)
  try {
    const scene = sceneOf(stage, crowd, place, random.fraction)
    crowd.startWriting()
    await scene.goesOn()
    await nemesis(scene)
    await scene.goesOn()
    await crowd.stopWriting()
    const histories = await atRest(stage, crowd, place)
    const expected = { rollback: plan.rollback === true, present: crowd.names, answer: answerTo }
    const findings = histories.flatMap((history) => check(history, expected))
    return { counts: countsOf(histories), findings, histories }
  } finally {
    await crowd.stopWriting()
    crowd.close()
  }
}

/** Waits until all is sent, seen and done, and everybody is where the store is. */
async function atRest(stage: Stage, crowd: Crowd, place: Place): Promise<History[]> {
  // It writes nothing, so any store is durable enough for it.
  const open = () => openRedisEngine({ url: stage.redis, durability: "memory" })
  const engine = await until("the store to be open", open)
  try {
    for (const conversation of crowd.conversations) {
      await rest(crowd, conversation, () => engine.log.head(conversation))
    }
    const histories: History[] = []
    for (const conversation of crowd.conversations) {
      const devices = []
      for (const device of crowd.devices) devices.push(await historyOf(device, conversation))
      const log = await storedLog(engine, conversation)
      histories.push({ conversation, devices, log, fresh: await freshView("ada", conversation, place) })
    }
    return histories
  } finally {
    await engine.close()
  }
}

async function historyOf(device: Device, conversation: string) {
  return { user: device.user, device: device.device, ...(await device.follow(conversation).history(device.tap)) }
}

/** In vain it says for what. */
async function rest(crowd: Crowd, conversation: string, headOf: () => Promise<string | undefined>): Promise<void> {
  let awaited = ""
  const isAtRest = async () => {
    awaited = awaitedBy(crowd, conversation, undefined) ?? awaitedBy(crowd, conversation, await headOf()) ?? ""
    return awaited === ""
  }
  await until("everything to come to rest", isAtRest, restMsMax).catch((error: unknown) => {
    throw new Error(`${conversation} does not come to rest: ${awaited}`, { cause: error })
  })
}

function awaitedBy(crowd: Crowd, conversation: string, head: string | undefined): string | undefined {
  for (const device of crowd.devices) {
    const watched = device.follow(conversation)
    if (watched.awaits) return `${device.name} on ${device.node} awaits ${watched.awaits}`
    if (head === undefined) continue
    const { cursor, present } = watched.conversation.snapshot()
    if (cursor !== head) return `${device.name} on ${device.node} is at ${cursor} and the log at ${head}`
    const here = present.map(nameOf).sort().join(", ")
    if (here !== [...crowd.names].sort().join(", ")) return `${device.name} on ${device.node} takes for present ${here}`
  }
  return undefined
}
