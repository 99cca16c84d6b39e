/**
 * One case: people write, something is done to the servers meanwhile, it is mended, and when everything has come to
 * rest what was recorded is held against what is promised.
 */
import { openRedisEngine } from "@everthread/engine-redis"
import { check, type Finding, type History, seededRandom } from "@everthread/sim"
import { answerTo, until } from "@everthread/stage"
import { type Counts, countsOf } from "./counts.ts"
import { Crowd, type CrowdSize } from "./crowd.ts"
import type { Place } from "./device.ts"
import { NodePlace } from "./node-place.ts"
import { rest } from "./rest.ts"
import { type Scene, type Stage, sceneOf } from "./scene.ts"
import { seenIn, withLogs } from "./seen.ts"

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
async function atRest(stage: Stage, crowd: Crowd, place: Place): Promise<readonly History[]> {
  // It writes nothing, so any store is durable enough for it.
  const open = () => openRedisEngine({ url: stage.redis, durability: "memory" })
  const people = { devices: crowd.devices, guests: [] }
  const engine = await until("the store to be open", open)
  try {
    for (const conversation of crowd.conversations) {
      await rest(people, conversation, (id) => engine.log.head(id))
    }
    const seen = []
    for (const conversation of crowd.conversations) seen.push(await seenIn(people, conversation, place))
    return await withLogs(seen, engine)
  } finally {
    await engine.close()
  }
}
