/**
 * Spreads what people do over several conversations, in two of five plans: what everybody is in, and others in which
 * some are members and some are not. It has randomness of its own, so what people do, and what goes wrong, is the same
 * with one conversation and with three.
 */
import type { Random } from "@everthread/protocol"
import { oneOf } from "../world/seeded-random.ts"
import { conversation } from "./names.ts"
import { type ConversationPlan, type DevicePlan, isFault, type PlanStep } from "./plan.ts"

const others = ["walk", "feast"]
const shares = { several: 0.4, third: 0.25, member: 0.5, elsewhere: 0.1 }

interface Spread {
  readonly conversations?: readonly ConversationPlan[]
  readonly steps: readonly PlanStep[]
}

export function spread(random: Random, devices: readonly DevicePlan[], steps: readonly PlanStep[]): Spread {
  if (random.fraction() >= shares.several) return { steps }
  const conversations = conversationsFor(random, [...new Set(devices.map(({ user }) => user))])
  return { conversations, steps: steps.map((step) => placed(random, devices, conversations, step)) }
}

/** Whoever comes first makes them, and is a member of each. */
function conversationsFor(random: Random, users: readonly string[]): ConversationPlan[] {
  const smaller = others.slice(0, random.fraction() < shares.third ? 2 : 1).map((id) => ({
    id,
    users: users.filter((_, index) => index === 0 || random.fraction() < shares.member),
  }))
  return [{ id: conversation, users }, ...smaller]
}

/** Mostly where one is a member; now and then where one may not be, which has to be refused. */
function placed(
  random: Random,
  devices: readonly DevicePlan[],
  conversations: readonly ConversationPlan[],
  step: PlanStep,
): PlanStep {
  const { what } = step
  if (isFault(what)) return step
  const user = devices[what.device]?.user ?? ""
  const isElsewhere = random.fraction() < shares.elsewhere
  const places = conversations.flatMap(({ users }, index) => (isElsewhere || users.includes(user) ? [index] : []))
  const place = oneOf(random, places as [number, ...number[]])
  return place === 0 ? step : { ...step, what: { ...what, in: place } }
}
