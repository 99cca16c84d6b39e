/**
 * Owners that come back when others have gone on without them: whatever made them sleep and whatever they were about to
 * do, the store takes nothing of it, and nothing else suffers. What they say after their sleep is marked, so it is looked
 * for in all that the store has ever written.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Device, NodePlace } from "@everthread/chaos"
import { openRedisEngine } from "@everthread/engine-redis"
import {
  FaultNode,
  killNodes,
  NodeClock,
  type NodeOptions,
  type RedisServer,
  rootFolder,
  startRedis,
  until,
} from "@everthread/stage"
import { judgeTalks } from "./stage/judge-talks.ts"
import { counted, countedByAll } from "./stage/node-metrics.ts"
import { answer, stale } from "./stage/steps-script.mjs"
import { everWritten } from "./stage/stored-bytes.ts"
import { Talk } from "./stage/talk.ts"
import { Watcher } from "./stage/watcher.ts"

const agent = "steps"
const agents = { [agent]: fileURLToPath(new URL("stage/steps.mjs", import.meta.url)) }
const names = ["z1", "z2", "z3"] as const
const leaseSeconds = 1
const hourMs = 3_600_000

let redis: RedisServer
let watcher: Watcher
let gate: FaultNode
let workers: readonly FaultNode[] = []
let place: NodePlace
let follower: Device
const clocks = new Map(names.map((name) => [name, new NodeClock(name)]))

beforeAll(async () => {
  redis = await startRedis()
  watcher = await Watcher.start()
  const node = (name: string, more: Partial<NodeOptions>) =>
    new FaultNode({ name, redis: redis.url, durability: "fsync", leaseSeconds, agents, ...more })
  gate = node("gate", { role: "gateway" })
  workers = names.map((name) => node(name, { env: { ...watcher.env, ...clocks.get(name)?.env } }))
  await Promise.all(workers.map((each) => each.start()))
  // Last, so that it knows what they serve when it takes its first device.
  await gate.start()
  // Devices are where nobody is struck: what is looked at here is who owns a run.
  place = new NodePlace([gate], Math.random)
  follower = new Device("ada", "follower", place)
})
afterAll(async () => {
  follower.close()
  await killNodes([gate, ...workers])
  await watcher.close()
  await redis.stop()
})

const openStore = () => openRedisEngine({ url: redis.url, durability: "memory" })

const ownerOf = (talk: Talk): FaultNode => {
  const node = workers.find(({ name }) => name === talk.attempts.at(-1))
  if (!node) throw new Error(`nobody here owns ${talk.id}`)
  return node
}

/** Asks, and resolves when the agent is held up in the first attempt. */
async function heldAt(where: string): Promise<Talk> {
  const talk = await Talk.begin(follower, agent)
  watcher.hold(talk.id, { place: where, times: 1 })
  talk.ask()
  await until(`${talk.id} to be held at ${where}`, async () => watcher.isHeld(talk.id) && talk.attempts.length === 1)
  return talk
}

/** Talks until one is held on this node. Those on others go on. */
async function heldOn(node: FaultNode, where: string, others: Talk[]): Promise<Talk> {
  for (;;) {
    const talk = await heldAt(where)
    if (ownerOf(talk) === node) return talk
    watcher.release(talk.id)
    others.push(talk)
  }
}

async function expectUnharmed(talks: readonly Talk[]): Promise<void> {
  expect(await judgeTalks(talks, { follower, place, answer, openStore })).toEqual([])
  const written = await everWritten(redis)
  // The one is in the log and the other in checkpoints, so both can be looked for in it.
  for (const well of ["said ", "healthy"]) expect(written).toContain(well)
  expect(written).not.toContain(stale)
  const said = (await Promise.all([gate, ...workers].map((node) => node.said()))).join("\n")
  expect(said).not.toMatch(/nobody looked|nobody caught/)
}

const fenced = (node: FaultNode) => counted(node, "everthread_fenced_writes_total")
const lost = (node: FaultNode) => counted(node, 'everthread_attempts_ended_total{end="lost"}')

test.each([
  ["an append", "append", 2],
  ["a checkpoint", "checkpoint", 2],
  // That one asks before it does anything, and is told no.
  ["something that happens once", "effect", 1],
])("[RUN2] [TOO3] a process that slept just before %s writes nothing any more", async (_what, where, refused) => {
  const sleeper = await heldAt(where)
  const zombie = ownerOf(sleeper)
  const others: Talk[] = []
  // The first thing that its process does after the sleep is a heartbeat.
  const idle = await heldOn(zombie, "append", others)
  const before = { fenced: await fenced(zombie), lost: await lost(zombie) }
  const alarm = join(rootFolder(), `alarm-${sleeper.id}`)
  watcher.release(sleeper.id, `sleep ${alarm}`)
  await Promise.all([sleeper, idle, ...others].map((talk) => talk.ended()))
  for (const struck of [sleeper, idle])
    expect(struck.attempts).toEqual([zombie.name, expect.not.stringMatching(zombie.name)])
  writeFileSync(alarm, "")
  watcher.release(idle.id, "stale")
  await until("its writes to be refused", async () => (await fenced(zombie)) >= before.fenced + refused)
  await until("its attempts to end", async () => (await lost(zombie)) === before.lost + 2)
  // It is a worker like any other again.
  const after = await heldOn(zombie, "append", others)
  watcher.release(after.id)
  await Promise.all([after, ...others].map((talk) => talk.ended()))
  expect(after.attempts).toEqual([zombie.name])
  expect(watcher.effects(sleeper.id)).toHaveLength(1)
  await expectUnharmed([sleeper, idle, after, ...others])
})

test("[RUN2] a process that was stopped for longer than its lease writes nothing any more, and works again", async () => {
  const first = await heldAt("append")
  const zombie = ownerOf(first)
  const others: Talk[] = []
  const second = await heldOn(zombie, "checkpoint", others)
  const before = await fenced(zombie)
  await zombie.freeze()
  await Promise.all([first, second, ...others].map((talk) => talk.ended()))
  zombie.thaw()
  for (const struck of [first, second]) watcher.release(struck.id, "stale")
  await until("its writes to be refused", async () => (await fenced(zombie)) >= before + 2)
  const after = await heldOn(zombie, "append", others)
  watcher.release(after.id)
  await Promise.all([after, ...others].map((talk) => talk.ended()))
  await expectUnharmed([first, second, after, ...others])
})

test("[RUN2] several nodes claim at the same time, new runs and those of a dead node: one of them gets each", async () => {
  const started = await countedByAll(workers, "everthread_attempts_started_total")
  const talks = await Promise.all(Array.from({ length: 24 }, () => Talk.begin(follower, agent)))
  for (const talk of talks) watcher.hold(talk.id, { place: "checkpoint", times: 1 })
  for (const talk of talks) talk.ask()
  await until("all to be held", async () =>
    talks.every(({ id, attempts }) => watcher.isHeld(id) && attempts.length > 0),
  )
  expect(talks.map(({ attempts }) => attempts.length)).toEqual(talks.map(() => 1))
  expect(await countedByAll(workers, "everthread_attempts_started_total")).toBe(started + talks.length)
  const victim = ownerOf(talks[0] as Talk)
  const survivors = workers.filter((node) => node !== victim)
  const [struck, spared] = [true, false].map((is) => talks.filter((talk) => (ownerOf(talk) === victim) === is))
  const takenOver = await countedByAll(survivors, "everthread_takeovers_total")
  await victim.kill()
  await Promise.all((struck ?? []).map((talk) => talk.ended()))
  for (const { id } of spared ?? []) watcher.release(id)
  await Promise.all((spared ?? []).map((talk) => talk.ended()))
  expect(await countedByAll(survivors, "everthread_takeovers_total")).toBe(takenOver + (struck?.length ?? 0))
  await victim.start()
  await expectUnharmed(talks)
})

test("[RUN2] [RUN3] wall clocks that jump by an hour take no run from its owner, and keep none for the dead", async () => {
  const talk = await heldAt("append")
  const owner = ownerOf(talk)
  const takenOver = await countedByAll(workers, "everthread_takeovers_total")
  await Promise.all(names.map((name) => clocks.get(name)?.jump(name === owner.name ? hourMs : -hourMs)))
  // So long that every other node would have taken it, if it went by these clocks.
  await new Promise((resolve) => setTimeout(resolve, 3 * leaseSeconds * 1_000))
  expect(await countedByAll(workers, "everthread_takeovers_total")).toBe(takenOver)
  watcher.release(talk.id)
  await talk.ended()
  expect(talk.attempts).toEqual([owner.name])
  const next = await heldAt("append")
  const victim = ownerOf(next)
  await victim.kill()
  await next.ended()
  expect(next.attempts).toEqual([victim.name, expect.not.stringMatching(victim.name)])
  await Promise.all(names.map((name) => name !== victim.name && clocks.get(name)?.jump(0)))
  await victim.start()
  await expectUnharmed([talk, next])
})
