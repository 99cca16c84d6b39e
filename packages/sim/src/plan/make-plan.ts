/** Makes a plan of a seed: what people do, and what goes wrong meanwhile. */
import type { Random } from "@everthread/protocol"
import { oneOf, streamOf, wholeIn } from "../world/seeded-random.ts"
import type { Compaction, DevicePlan, Doing, Fault, Plan, PlanStep } from "./plan.ts"
import { spread } from "./spread.ts"

const people: readonly DevicePlan[] = [
  { user: "ada", device: "phone" },
  { user: "ada", device: "laptop" },
  { user: "bob", device: "phone" },
  { user: "cyd", device: "tablet" },
]

/** Whoever is removed and added again: never one of the devices that everything hangs on. */
const guest = "cyd"
const chaosMs = 2_500

/** What a plan is about: seeds take turns. */
interface Theme {
  /** Of what is written, how much the agent is to answer. */
  readonly asks: number
  /** Whether people tell an agent more while it is at work: where a store goes back, nobody can say to which run it was told. */
  readonly steers: boolean
  readonly faults: readonly [Fault["type"], ...Fault["type"][]]
}

const themes: readonly [Theme, ...Theme[]] = [
  {
    asks: 0.25,
    steers: true,
    faults: ["weather", "weather", "kill node", "part node", "slow node", "jump node", "drain node", "restart device"],
  },
  {
    asks: 0.6,
    steers: true,
    faults: ["kill node", "pause node", "pause node", "part node", "part node", "part node", "slow node", "drain node"],
  },
  {
    asks: 0.3,
    steers: false,
    faults: ["restart store", "restart store", "freeze store", "part node", "pause node", "weather", "restart device"],
  },
  {
    asks: 0.2,
    steers: false,
    faults: ["cut device", "silence device", "pause device", "restart device", "kill node", "weather", "restart store"],
  },
  // Owners that die or stand still in the middle of what must not be done twice.
  { asks: 1, steers: true, faults: ["kill node", "kill node", "pause node", "pause node", "drain node"] },
  // Nothing in it keeps nodes from hearing each other: so everybody has to know who is here.
  {
    asks: 0.5,
    steers: true,
    faults: ["kill node", "kill node", "drain node", "pause node", "cut device", "restart device", "end device"],
  },
]

export function makePlan(seed: number): Plan {
  const random = streamOf(seed, "plan")
  const theme = themes[seed % themes.length] ?? themes[0]
  const nodes = wholeIn(random, 2, 3)
  const devices = people.slice(0, wholeIn(random, 2, people.length))
  const said = [...doings(random, devices, theme), ...faults(random, theme, nodes, devices.length)]
  const compaction = shortLogs(streamOf(seed, "compaction"))
  said.sort((one, other) => one.atMs - other.atMs)
  const apart = spread(streamOf(seed, "conversations"), devices, said)
  return { seed, nodes, devices, ...apart, ...(compaction && { compaction }) }
}

function shortLogs(random: Random): Compaction | undefined {
  if (random.fraction() < 0.4) return undefined
  return { snapshotEveryEntries: wholeIn(random, 5, 40), tailEntries: wholeIn(random, 0, 40) }
}

function doings(random: Random, devices: readonly DevicePlan[], theme: Theme): PlanStep[] {
  const count = wholeIn(random, 3, 12)
  const steps = Array.from({ length: count }, () => step(random, doing(random, devices, theme)))
  const answers = Array.from({ length: 3 }, () => step(random, { type: "answer", device: any(random, devices.length) }))
  return [...steps, ...answers]
}

const step = <W extends Doing | Fault>(random: Random, what: W) => ({ atMs: wholeIn(random, 1, chaosMs), what })
const any = (random: Random, count: number) => wholeIn(random, 0, count - 1)

function doing(random: Random, devices: readonly DevicePlan[], { asks, steers }: Theme): Doing {
  const device = any(random, devices.length)
  const chance = random.fraction()
  if (chance < 0.06) return { type: "stop", device }
  const hasGuest = devices.some(({ user }) => user === guest)
  if (chance < 0.16 && hasGuest) return { type: random.fraction() < 0.5 ? "remove" : "add", device: 0, user: guest }
  const agent = random.fraction() < asks
  const more = steers ? "steer" : undefined
  const whenBusy = oneOf(random, [undefined, undefined, more, more, "interrupt", "reject"] as const)
  return { type: "write", device, agent, ...(agent && whenBusy && { whenBusy }) }
}

function faults(random: Random, theme: Theme, nodes: number, devices: number): PlanStep[] {
  return Array.from({ length: wholeIn(random, 0, 6) }, () => {
    const type = oneOf(random, theme.faults)
    return step(random, makers[type]({ random, node: any(random, nodes), device: any(random, devices) }))
  })
}

interface Where {
  readonly random: Random
  readonly node: number
  readonly device: number
}

const makers: { readonly [T in Fault["type"]]: (where: Where) => Fault } = {
  weather: ({ random }) => weather(random, lasts(random)),
  "kill node": ({ random, node }) => ({ type: "kill node", node, forMs: lasts(random) }),
  "pause node": ({ random, node }) => ({ type: "pause node", node, forMs: lasts(random) }),
  "drain node": ({ random, node }) => ({ type: "drain node", node, forMs: lasts(random) }),
  "part node": ({ random, node }) => ({ type: "part node", node, forMs: blinks(random) }),
  "slow node": ({ random, node }) => ({ type: "slow node", node, byMs: wholeIn(random, 5, 300), forMs: lasts(random) }),
  "jump node": ({ random, node }) => ({ type: "jump node", node, byMs: wholeIn(random, -7_200_000, 7_200_000) }),
  "freeze store": ({ random }) => ({ type: "freeze store", forMs: lasts(random) }),
  "restart store": ({ random }) => {
    const lost = random.fraction() < 0.6 ? wholeIn(random, 1, 25) : 0
    return { type: "restart store", lost, forMs: wholeIn(random, 10, 400) }
  },
  "cut device": ({ device }) => ({ type: "cut device", device }),
  "silence device": ({ device }) => ({ type: "silence device", device }),
  "pause device": ({ random, device }) => ({ type: "pause device", device, forMs: lasts(random) }),
  "end device": ({ device }) => ({ type: "end device", device }),
  "restart device": ({ random, device }) => ({ type: "restart device", device, forMs: lasts(random) }),
}

const lasts = (random: Random): number => wholeIn(random, 50, 1_800)
/** Most often so short that nobody takes over: whoever was cut off repeats what it does not know the fate of. */
const blinks = (random: Random): number => (random.fraction() < 0.6 ? wholeIn(random, 5, 150) : lasts(random))

function weather(random: Random, forMs: number): Fault {
  const some = () => (random.fraction() < 0.5 ? 0 : random.fraction() * 0.5)
  return { type: "weather", loss: some(), duplication: some(), lateness: some(), forMs }
}
