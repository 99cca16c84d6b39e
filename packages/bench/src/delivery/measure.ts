/** One round of one contestant: something is said, everybody gets it, and what it cost is read before and after. */
import type { Burst, BurstResult } from "./load.ts"
import type { FromNode, ToNode } from "./node-messages.ts"
import { nodeCount } from "./rooms.ts"
import type { Speech } from "./speech.ts"
import type { Stage } from "./stage.ts"

export type Talk =
  /** By devices, over all rooms together. */
  | { readonly kind: "messages"; readonly perSecond: number; readonly seconds: number }
  /** By agents on the nodes, in so many rooms at this rate each. */
  | {
      readonly kind: "tokens"
      readonly rooms: number
      readonly perSecond: number
      readonly seconds: number
      readonly windowMs: number
      /** They are made, and nobody is told. What is divided by is what would have been delivered. */
      readonly isSilent: boolean
    }

export interface Figures extends BurstResult {
  /** Of both nodes together, in microseconds for one delivery. */
  readonly nodeUs: number
  readonly redisUs: number
  /** Shares of one core; the nodes' each. */
  readonly nodesBusy: number
  readonly redisBusy: number
}

const secondUs = 1_000_000

export async function measure(stage: Stage, talk: Talk): Promise<Figures> {
  const before = await used(stage)
  const result = await (talk.kind === "messages" ? talkOfDevices(stage, talk) : talkOfAgents(stage, talk))
  const after = await used(stage)
  const nodesUs = after.nodesUs - before.nodesUs
  const redisUs = after.redisUs - before.redisUs
  const tookUs = result.seconds * secondUs
  return {
    ...result,
    nodeUs: nodesUs / result.delivered,
    redisUs: redisUs / result.delivered,
    nodesBusy: nodesUs / tookUs / nodeCount,
    redisBusy: redisUs / tookUs,
  }
}

type TalkOf<Kind> = Extract<Talk, { kind: Kind }>

function talkOfDevices({ load, shape }: Stage, { perSecond, seconds }: TalkOf<"messages">): Promise<BurstResult> {
  const messages = Math.round(perSecond * seconds)
  const burst: Burst = { deliveries: messages * shape.members, sends: { messages, perSecond } }
  return load.ask<BurstResult>(burst)
}

async function talkOfAgents(stage: Stage, talk: TalkOf<"tokens">): Promise<BurstResult> {
  const deliveries = Math.round(talk.perSecond * talk.seconds) * talk.rooms * stage.shape.members
  if (!talk.isSilent) {
    const result = stage.load.ask<BurstResult>({ deliveries } satisfies Burst)
    await allSpeak(stage, talk)
    return result
  }
  const startedAt = performance.now()
  await allSpeak(stage, talk)
  const seconds = (performance.now() - startedAt) / 1_000
  return { delivered: deliveries, seconds, delayMedianMs: 0, delayP99Ms: 0, loadBusy: 0 }
}

async function allSpeak({ nodes }: Stage, { perSecond, seconds, rooms, windowMs, isSilent }: TalkOf<"tokens">) {
  const all = Array.from({ length: rooms }, (_, room) => room)
  await Promise.all(
    nodes.map((node, index) => {
      const own = all.filter((room) => room % nodeCount === index)
      const tokens = Math.round(perSecond * seconds)
      const speech: Speech = { rooms: own, tokens, perSecond, windowMs, isSilent }
      return node.ask<FromNode>({ ask: "speak", speech } satisfies ToNode)
    }),
  )
}

async function used({ nodes, server }: Stage): Promise<{ nodesUs: number; redisUs: number }> {
  const answers = await Promise.all(nodes.map((node) => node.ask<FromNode>({ ask: "cpu" } satisfies ToNode)))
  const nodesUs = answers.reduce((sum, answer) => sum + (answer.is === "cpu" ? answer.us : 0), 0)
  return { nodesUs, redisUs: (await server.control.counts()).cpuUs }
}
