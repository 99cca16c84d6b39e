/**
 * Nobody is held up here: processes die wherever they are when the device has seen so much of the answer as the seed
 * says. What has to be true then is what is true of every history.
 */

import { Device, NodePlace } from "@everthread/chaos"
import type { Engine } from "@everthread/engine"
import { openEmbeddedEngine } from "@everthread/engine-embedded"
import { openRedisEngine } from "@everthread/engine-redis"
import { systemClock } from "@everthread/protocol"
import { FaultNode, killNodes, type NodeOptions, type RedisServer, startRedis, until } from "@everthread/stage"
import { seededRandom } from "../support/seeded-random.ts"
import { journeyAgent, journeyFile } from "./stage/journey.ts"
import { answer } from "./stage/journey-script.mjs"
import { judgeTalks } from "./stage/judge-talks.ts"
import { plan, times } from "./stage/plan.ts"
import { Talk } from "./stage/talk.ts"
import { Watcher } from "./stage/watcher.ts"

const talksAtOnce = 6
const kills = times(3)
/** More than all kills: here no run is to be given up. */
const attempts = 100
const length = answer.join("").length

let watcher: Watcher
let redis: RedisServer
let nodes: readonly FaultNode[] = []

beforeAll(async () => {
  watcher = await Watcher.start()
  redis = await startRedis()
})
afterEach(() => killNodes(nodes))
afterAll(async () => {
  await watcher.close()
  await redis.stop()
})

async function start(names: readonly string[], more: Partial<NodeOptions>): Promise<void> {
  const options = { leaseSeconds: 1, attempts, agents: { [journeyAgent]: journeyFile }, env: watcher.env, ...more }
  nodes = names.map((name) => new FaultNode({ ...options, name }))
  await Promise.all(nodes.map((node) => node.start()))
}

const charsOf = (talk: Talk) => talk.said.join("").length

/** Answers whatever is asked, for as long as nobody has. */
function answerAll(talks: readonly Talk[]): void {
  for (const { watched } of talks) {
    const { conversation } = watched
    const open = conversation.snapshot().state.interrupts.find((interrupt) => !interrupt.answer)
    if (open) void conversation.respond(open.id, "yes").catch(() => undefined)
  }
}

async function play(seed: number): Promise<{ readonly talks: readonly Talk[]; readonly follower: Device }> {
  const { fraction } = seededRandom(seed)
  const follower = new Device("ada", "follower", new NodePlace(nodes, fraction))
  const talks = await Promise.all(Array.from({ length: talksAtOnce }, () => Talk.begin(follower, journeyAgent)))
  for (const talk of talks) talk.ask()
  const moments = Array.from({ length: kills }, () => Math.floor(fraction() * length)).sort((one, other) => one - other)
  for (const [index, moment] of moments.entries()) {
    const talk = talks[index % talks.length] as Talk
    await until(`${talk.id} to have said ${moment}`, async () => {
      answerAll(talks)
      return charsOf(talk) >= moment
    })
    const victim = nodes.find(({ name }) => name === talk.attempts.at(-1)) ?? nodes[0]
    await victim?.kill()
    await victim?.start()
  }
  await until("all to end", async () => {
    answerAll(talks)
    return talks.every(({ run }) => run?.status === "completed")
  })
  return { talks, follower }
}

async function playAndJudge(openStore: () => Promise<Engine>): Promise<void> {
  const { seed } = plan()
  try {
    const { talks, follower } = await play(seed)
    const place = new NodePlace(nodes, Math.random)
    expect(await judgeTalks(talks, { follower, place, answer, openStore })).toEqual([])
    follower.close()
    const keys = talks.map(({ id }) => new Set(watcher.effects(id).map(({ key }) => key)).size)
    expect(keys).toEqual(talks.map(() => 1))
  } catch (error) {
    throw new Error(`with seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

test("[RUN3] on Redis nodes are killed again and again, wherever they are", async () => {
  await start(["any1", "any2"], { redis: redis.url, durability: "fsync" })
  await playAndJudge(() => openRedisEngine({ url: redis.url, durability: "memory" }))
})

test("[RUN3] [LOG7] on the embedded store the node is killed again and again, wherever it is", async () => {
  await start(["any"], {})
  await playAndJudge(async () => {
    await killNodes(nodes)
    return openEmbeddedEngine({ folder: nodes[0]?.dataFolder ?? "", clock: systemClock })
  })
})
