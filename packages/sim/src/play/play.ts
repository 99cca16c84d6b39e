/**
 * Plays a plan: people write, things go wrong, all is mended, and when everything has come to rest what was seen is held
 * against what is promised. The same plan is the same history, to the last byte.
 */
import { bodyOf } from "@everthread/engine"
import type { LogEvent } from "@everthread/protocol"
import { check } from "../check/check.ts"
import type { SimDevice } from "../device/sim-device.ts"
import {
  type DeviceHistory,
  type Expected,
  type Finding,
  type History,
  nameOf,
  type StoredEntry,
} from "../history/history.ts"
import { answerTo } from "../node/script.ts"
import { scriptedGraph } from "../node/scripted-graph.ts"
import { mayGoBack, type Plan, tellsAll } from "../plan/plan.ts"
import { headOf } from "../store/read.ts"
import { act, answerOne, isFault } from "./act.ts"
import { conversation } from "./names.ts"
import { mendAll, strike } from "./nemesis.ts"
import type { Timeline } from "./timeline.ts"
import { type Mutation, World } from "./world.ts"

export interface Outcome {
  readonly findings: readonly Finding[]
  readonly history: History | undefined
  readonly timeline: Timeline
  /** How much happened, in all. */
  readonly happened: number
}

/** How long everything may take to come to rest once all is mended, in virtual milliseconds. */
const restMsMax = 60_000
const beginMsMax = 20_000

export async function play(plan: Plan, mutation: Mutation = {}): Promise<Outcome> {
  const { seed, nodes, compaction } = plan
  const world = new World({ seed, nodes, mutation, compaction, graphs: (around) => [scriptedGraph(around)] })
  const findings: Finding[] = []
  let history: History | undefined
  try {
    await begin(world, plan)
    await chaos(world, plan)
    mendAll(world)
    await rest(world, plan)
    history = await historyOf(world, plan)
    findings.push(...check(history, expectedOf(world, plan)))
  } catch (error) {
    findings.push({ law: "rest", conversation, what: error instanceof Error ? error.message : String(error) })
  }
  for (const what of world.timeline.complaints) findings.push({ law: "complaint", conversation, what })
  return { findings, history, timeline: world.timeline, happened: world.scheduler.happened }
}

function expectedOf(world: World, plan: Plan): Expected {
  return { rollback: mayGoBack(plan), present: tellsAll(plan) ? hereIn(world) : undefined, answer: answerTo }
}

/** Everybody who is a member, and the stranger. */
function hereIn({ devices, store }: World): string[] {
  const members = store.read((state) => state.conversations.get(conversation)?.members)
  return devices.filter(({ user, isOver }) => members?.has(user) && !isOver).map(({ name }) => name)
}

async function begin(world: World, { devices }: Plan): Promise<void> {
  for (const { user, device } of devices) world.addDevice(user, device)
  const users = [...new Set(devices.map(({ user }) => user))]
  const [first] = world.devices
  let isThere = false
  void first?.client.create({ conversation, members: users }).then(() => {
    isThere = true
  })
  await until(world, "the conversation to be there", () => isThere, beginMsMax)
  for (const device of world.devices) device.follow(conversation)
  await until(world, "everybody to be live", () => world.devices.every(isLive), beginMsMax)
  // What was there before anything goes wrong is never lost: it is what a deployment began with.
  world.store.settle()
}

const isLive = (device: SimDevice) => device.follow(conversation).conversation.snapshot().status === "live"

async function chaos(world: World, { steps }: Plan): Promise<void> {
  const startMs = world.nowMs()
  for (const { atMs, what } of steps) {
    world.scheduler.after(atMs, () => (isFault(what) ? strike(world, what) : act(world, what)))
  }
  const lastMs = steps.at(-1)?.atMs ?? 0
  await world.scheduler.runUntil(() => false, startMs + lastMs + 1)
}

async function rest(world: World, plan: Plan): Promise<void> {
  let awaited = ""
  const isAtRest = () => {
    awaited = awaitedIn(world) ?? (tellsAll(plan) ? awaitedNews(world) : undefined) ?? ""
    return awaited === ""
  }
  await until(world, () => `everything to come to rest: ${awaited}`, isAtRest, restMsMax)
}

/** Looked at now and then: to look each time that anything happens would be most of the work. */
async function until(world: World, what: string | (() => string), holds: () => boolean, msMax: number): Promise<void> {
  const endMs = world.nowMs() + msMax
  while (!holds()) {
    if (world.nowMs() >= endMs) throw new Error(`waited in vain for ${typeof what === "string" ? what : what()}`)
    await world.scheduler.runUntil(() => false, world.nowMs() + lookEveryMs)
  }
}

const lookEveryMs = 25

function awaitedIn(world: World): string | undefined {
  const head = world.store.read((state) => headOf(state, conversation))
  for (const device of world.devices.filter(({ isOver }) => !isOver)) {
    const watched = device.follow(conversation)
    const { status, cursor, error } = watched.conversation.snapshot()
    if (status === "closed" && error?.code === "not_member" && staysAway(world, device)) continue
    answerOne(watched.conversation)
    if (watched.awaits) return `${device.name} awaits ${watched.awaits}`
    if (cursor !== head) return `${device.name} is at ${cursor} and the log at ${head}`
  }
  return undefined
}

/** Whose device does not know yet who is here. */
function awaitedNews(world: World): string | undefined {
  const here = hereIn(world).sort().join(", ")
  for (const device of world.devices.filter(({ isOver }) => !isOver)) {
    const { status, present } = device.follow(conversation).conversation.snapshot()
    const shown = present.map(nameOf).sort().join(", ")
    if (status === "live" && shown !== here) return `${device.name} to show ${here} instead of ${shown}`
  }
  return undefined
}

/** Who was removed and added again opens the conversation again. @returns whether it is left alone, as no member. */
function staysAway(world: World, { user, client }: SimDevice): boolean {
  const isMember = world.store.read((state) => state.conversations.get(conversation)?.members.has(user) === true)
  if (isMember) void client.join(conversation).catch(() => undefined)
  return !isMember
}

/** Nothing may happen between the views that are compared, so the stranger comes first. */
async function historyOf(world: World, plan: Plan): Promise<History> {
  const stranger = world.addDevice("ada", "stranger")
  await rest(world, plan)
  const devices: DeviceHistory[] = []
  for (const device of world.devices) if (device !== stranger) devices.push(...(await device.histories(conversation)))
  const fresh = await stranger.follow(conversation).view()
  const { deeds } = world.store.state
  return { conversation, devices, log: storedLog(world), fresh, deeds, tools: world.outside.deeds }
}

/** The whole of it: also what was trimmed, which no device is given any more. */
function storedLog(world: World): StoredEntry[] {
  const held = world.store.read((state) => state.conversations.get(conversation))
  return [...(held?.gone ?? []), ...(held?.entries ?? [])].map((entry) => {
    const event: LogEvent = { ...bodyOf(entry), seq: entry.seq }
    return { cursor: entry.cursor, event }
  })
}

export const describeFinding = ({ law, device, what }: Finding): string =>
  `${law}${device === undefined ? "" : ` (${device})`}: ${what}`
