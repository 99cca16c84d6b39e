/**
 * One round: people gather, are busy while things go wrong, all is healed, everything comes to rest, somebody comes who has never been
 * here, and what was seen is held against what is promised. A store has rounds one after the other, each with its own conversations.
 */
import type { Clock } from "@everthread/protocol"
import { check, type Finding, type History, streamOf } from "@everthread/sim"
import { answerTo } from "@everthread/stage"
import type { Deployment } from "../deployment/deployment.ts"
import type { Stand } from "../deployment/stand.ts"
import type { Harm, Nemesis } from "../nemesis/nemesis.ts"
import { answerAll, busyWith } from "../people/busy.ts"
import { Crowd, type CrowdSize } from "../people/crowd.ts"
import { NodePlace } from "../people/node-place.ts"
import { rest } from "../people/rest.ts"
import { type Seen, seenIn, withLogs } from "../people/seen.ts"
import { headByFirst, namesOf, type People } from "../people/unrest.ts"
import type { FaultLine } from "../record/record.ts"
import type { Recorder } from "../record/recorder.ts"
import { planFaults } from "./plan-faults.ts"
import { watchStates } from "./state-watch.ts"
import { wreak } from "./wreak.ts"

/** Longer than a case of one fault is given: outboxes and queues are long, and the machine may have other things to do. */
const restMsMax = 90_000

export interface RoundPlan {
  readonly seed: number
  readonly ms: number
  readonly size: CrowdSize
  readonly nemeses: readonly Nemesis[]
  readonly clock: Clock
  /** Heals, and judges what there is. */
  readonly signal: AbortSignal
  /** Everybody is there; nothing has gone wrong yet. */
  began(deployment: Deployment): void
  faultBegan(name: string, harm: Harm): void
  faultEnded(fault: FaultLine, harm: Harm): void
}

export interface RoundOutcome {
  readonly histories: readonly History[]
  readonly findings: readonly Finding[]
}

export async function playRound(stand: Stand, plan: RoundPlan, recorder: Recorder): Promise<RoundOutcome> {
  const place = new NodePlace(stand.places, streamOf(plan.seed, "places").fraction)
  const crowd = await Crowd.gather(plan.size, place, streamOf(plan.seed, "crowd"))
  const deployment = stand.with(crowd)
  plan.began(deployment)
  const stopWatching = watchStates(deployment, recorder)
  try {
    const wrecked = await busyTime(deployment, plan, recorder)
    const people = { devices: crowd.devices, guests: deployment.guests }
    const judged = await judge(stand, people, crowd.conversations, place, wrecked.rollback).catch(notJudged)
    return { histories: judged.histories, findings: [...wrecked.findings, ...judged.findings] }
  } finally {
    stopWatching()
    recorder.giveUp()
    for (const guest of deployment.guests) guest.close()
    crowd.close()
  }
}

/** Where the store itself cannot be read, that is what was found. */
export function notJudged(error: unknown): RoundOutcome {
  return { histories: [], findings: [{ law: "round", conversation: "", what: wordsOf(error) }] }
}

/** People are busy, and things go wrong. @returns what could not be done or mended, and whether anything may be lost. */
async function busyTime(deployment: Deployment, plan: RoundPlan, recorder: Recorder) {
  const { crowd } = deployment
  const findings: Finding[] = []
  const begunMs = new Map<Harm, number>()
  let rollback = false
  const fit = plan.nemeses.filter((nemesis) => nemesis.unfit(deployment) === undefined)
  crowd.startWriting(busyWith(recorder, plan.seed))
  await wreak({
    deployment,
    ...plan,
    planned: planFaults(fit, plan.ms, streamOf(plan.seed, "faults")),
    began(name, harm) {
      begunMs.set(harm, recorder.nowMs)
      if (harm.rollback) rollback = true
      plan.faultBegan(name, harm)
    },
    ended(fault, harm) {
      plan.faultEnded({ type: "fault", ...fault, fromMs: begunMs.get(harm) ?? 0, toMs: recorder.nowMs }, harm)
    },
    failed: (name, error) =>
      void findings.push({ law: "nemesis", conversation: "", what: `${name}: ${wordsOf(error)}` }),
  })
  await crowd.stopWriting()
  return { findings, rollback }
}

async function judge(
  stand: Stand,
  people: People,
  conversations: readonly string[],
  place: NodePlace,
  rollback: boolean,
): Promise<RoundOutcome> {
  const { seen, findings } = await restAndSee(stand, people, conversations, place)
  const histories = await stand.read((engine) => withLogs(seen, engine))
  const expected = { rollback, present: namesOf(people), answer: answerTo }
  return { histories, findings: [...findings, ...histories.flatMap((history) => check(history, expected))] }
}

/** What does not come to rest cannot be judged, and is a finding of its own. */
async function restAndSee(stand: Stand, people: People, conversations: readonly string[], place: NodePlace) {
  const [shown] = people.devices
  const stopAnswering = answerAll(shown ? conversations.map((id) => shown.follow(id).conversation) : [])
  const findings: Finding[] = []
  const seen: Seen[] = []
  try {
    for (const conversation of conversations) {
      try {
        await stand.withHead((headOf) => rest(people, conversation, headOf ?? headByFirst(people), restMsMax))
        seen.push(await seenIn(people, conversation, place))
      } catch (error) {
        findings.push({ law: "rest", conversation, what: wordsOf(error) })
      }
    }
  } finally {
    stopAnswering()
  }
  return { seen, findings }
}

/** With why it came to that. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`
}
