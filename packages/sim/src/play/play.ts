/**
 * Plays a plan: people write, things go wrong, all is mended, and when everything has come to rest what was seen is held
 * against what is promised, conversation by conversation. The same plan is the same history, to the last byte.
 */
import { check } from "../check/check.ts"
import type { Expected, Finding, History } from "../history/history.ts"
import { answerTo } from "../node/script.ts"
import { scriptedGraph } from "../node/scripted-graph.ts"
import { conversation as common } from "../plan/names.ts"
import { conversationsOf, type Doing, isFault, mayGoBack, type Plan, tellsAll } from "../plan/plan.ts"
import { act } from "./act.ts"
import { historyOf } from "./histories.ts"
import { mendAll, strike } from "./nemesis.ts"
import { hereIn, isMember, rest, until } from "./rest.ts"
import type { Timeline } from "./timeline.ts"
import { type Mutation, World } from "./world.ts"

export interface Outcome {
  readonly findings: readonly Finding[]
  /** One for each conversation; none where it did not come to rest. */
  readonly histories: readonly History[]
  readonly timeline: Timeline
  /** How much happened, in all. */
  readonly happened: number
}

const beginMsMax = 20_000

export async function play(plan: Plan, mutation: Mutation = {}): Promise<Outcome> {
  const { seed, nodes, compaction } = plan
  const world = new World({ seed, nodes, mutation, compaction, graphs: (around) => [scriptedGraph(around)] })
  const findings: Finding[] = []
  const histories: History[] = []
  try {
    await begin(world, plan)
    await chaos(world, plan)
    mendAll(world)
    await rest(world, idsOf(plan), tellsAll(plan))
    histories.push(...(await historiesOf(world, plan)))
    findings.push(...histories.flatMap((history) => check(history, expectedOf(world, plan, history))))
  } catch (error) {
    findings.push({ law: "rest", conversation: common, what: error instanceof Error ? error.message : String(error) })
  }
  for (const what of world.timeline.complaints) findings.push({ law: "complaint", conversation: common, what })
  return { findings, histories, timeline: world.timeline, happened: world.scheduler.happened }
}

const idsOf = (plan: Plan): string[] => conversationsOf(plan).map(({ id }) => id)

function expectedOf(world: World, plan: Plan, { conversation }: History): Expected {
  const present = tellsAll(plan) ? hereIn(world, conversation) : undefined
  return { rollback: mayGoBack(plan), present, answer: answerTo }
}

async function begin(world: World, plan: Plan): Promise<void> {
  for (const { user, device } of plan.devices) world.addDevice(user, device)
  const [first] = world.devices
  let made = 0
  for (const { id, users } of conversationsOf(plan)) {
    void first?.client.create({ conversation: id, members: users }).then(() => {
      made += 1
    })
  }
  const ids = idsOf(plan)
  await until(world, "the conversations to be there", () => made === ids.length, beginMsMax)
  for (const device of world.devices) for (const id of ids) device.follow(id)
  await until(world, "everybody to be live", () => ids.every((id) => isFollowed(world, id)), beginMsMax)
  // What was there before anything goes wrong is never lost: it is what a deployment began with.
  world.store.settle()
}

/** By everybody who may; the others know what they are told. */
function isFollowed(world: World, id: string): boolean {
  return world.devices.every((device) => {
    const { status } = device.follow(id).conversation.snapshot()
    return status === "live" || (status === "closed" && !isMember(world, id, device.user))
  })
}

const placeOf = (ids: readonly string[], { in: place = 0 }: Doing) => ({
  conversation: ids[place] ?? common,
  isOneOfMany: ids.length > 1,
})

async function chaos(world: World, plan: Plan): Promise<void> {
  const startMs = world.nowMs()
  const ids = idsOf(plan)
  for (const { atMs, what } of plan.steps) {
    world.scheduler.after(atMs, () => (isFault(what) ? strike(world, what) : act(world, placeOf(ids, what), what)))
  }
  const lastMs = plan.steps.at(-1)?.atMs ?? 0
  await world.scheduler.runUntil(() => false, startMs + lastMs + 1)
}

/** Nothing may happen between the views that are compared, so the stranger comes first. */
async function historiesOf(world: World, plan: Plan): Promise<History[]> {
  const stranger = world.addDevice("ada", "stranger")
  const ids = idsOf(plan)
  await rest(world, ids, tellsAll(plan))
  const histories: History[] = []
  for (const id of ids) histories.push(await historyOf(world, id, stranger))
  return histories
}

export const describeFinding = ({ law, conversation, device, what }: Finding): string =>
  `${law} (${[conversation, device].filter((word) => word).join(", ")}): ${what}`
