/** Makes a plan of a seed: what people do, and what goes wrong meanwhile. */
import type { Random } from "@everthread/protocol"
import { oneOf, streamOf, wholeIn } from "../world/seeded-random.ts"
import type { DevicePlan, Doing, Fault, Plan, PlanStep } from "./plan.ts"

const people: readonly DevicePlan[] = [
  { user: "ada", device: "phone" },
  { user: "ada", device: "laptop" },
  { user: "bob", device: "phone" },
  { user: "cyd", device: "tablet" },
]

/** Whoever is removed and added again: never one of the devices that everything hangs on. */
const guest = "cyd"
const chaosMs = 2_500

export function makePlan(seed: number): Plan {
  const random = streamOf(seed, "plan")
  const nodes = wholeIn(random, 2, 3)
  const devices = people.slice(0, wholeIn(random, 2, people.length))
  const steps = [...doings(random, devices), ...faults(random, nodes, devices.length)]
  return { seed, nodes, devices, steps: steps.sort((one, other) => one.atMs - other.atMs) }
}

function doings(random: Random, devices: readonly DevicePlan[]): PlanStep[] {
  const count = wholeIn(random, 3, 12)
  const steps = Array.from({ length: count }, () => step(random, doing(random, devices)))
  const answers = Array.from({ length: 3 }, () => step(random, { type: "answer", device: any(random, devices.length) }))
  return [...steps, ...answers]
}

const step = <W extends Doing | Fault>(random: Random, what: W) => ({ atMs: wholeIn(random, 1, chaosMs), what })
const any = (random: Random, count: number) => wholeIn(random, 0, count - 1)

function doing(random: Random, devices: readonly DevicePlan[]): Doing {
  const device = any(random, devices.length)
  const chance = random.fraction()
  if (chance < 0.06) return { type: "stop", device }
  const hasGuest = devices.some(({ user }) => user === guest)
  if (chance < 0.16 && hasGuest) return { type: random.fraction() < 0.5 ? "remove" : "add", device: 0, user: guest }
  return { type: "write", device, agent: random.fraction() < 0.25 }
}

function faults(random: Random, nodes: number, devices: number): PlanStep[] {
  return Array.from({ length: wholeIn(random, 0, 6) }, () => step(random, fault(random, nodes, devices)))
}

function fault(random: Random, nodes: number, devices: number): Fault {
  const node = any(random, nodes)
  const device = any(random, devices)
  const forMs = wholeIn(random, 50, 1_800)
  const makers: readonly [() => Fault, ...(() => Fault)[]] = [
    () => weather(random, forMs),
    () => weather(random, forMs),
    () => ({ type: "kill node", node, forMs }),
    () => ({ type: "kill node", node, forMs }),
    () => ({ type: "pause node", node, forMs }),
    () => ({ type: "drain node", node, forMs }),
    () => ({ type: "part node", node, forMs }),
    () => ({ type: "part node", node, forMs }),
    () => ({ type: "slow node", node, byMs: wholeIn(random, 5, 300), forMs }),
    () => ({ type: "jump node", node, byMs: wholeIn(random, -7_200_000, 7_200_000) }),
    () => ({ type: "freeze store", forMs }),
    () => ({ type: "restart store", lost: random.fraction() < 0.6 ? wholeIn(random, 1, 25) : 0, forMs: forMs / 4 }),
    () => ({ type: "cut device", device }),
    () => ({ type: "silence device", device }),
    () => ({ type: "pause device", device, forMs }),
  ]
  return oneOf(random, makers)()
}

function weather(random: Random, forMs: number): Fault {
  const some = () => (random.fraction() < 0.5 ? 0 : random.fraction() * 0.5)
  return { type: "weather", loss: some(), duplication: some(), lateness: some(), forMs }
}
