/**
 * One contestant through one plan: everybody writes, devices drop and come back, nodes die, freeze and go deaf; then all
 * is mended, and what everybody shows when it has come to rest is judged.
 */
import { setTimeout as pause } from "node:timers/promises"
import { type Clock, type Random, systemClock, systemRandom } from "@everthread/protocol"
import { type Finding, nameOf, seededRandom } from "@everthread/sim"
import { until } from "@everthread/stage"
import type { ChurnDevice, ChurnStage, DeviceRecord, Person } from "./contestant.ts"
import { befall } from "./faults.ts"
import { judge, type Verdict } from "./judge.ts"
import { type ChurnPlan, within } from "./plan.ts"
import { Way } from "./way.ts"

export interface Round extends Verdict {
  readonly seed: number
  /** Devices that with everything mended are not connected or are told nothing new, and messages without an outcome. */
  readonly hung: number
  readonly drops: number
  readonly records: readonly DeviceRecord[]
  /** What is wrong beyond what devices show. */
  readonly findings: readonly Finding[]
}

interface Player {
  readonly person: Person
  readonly device: ChurnDevice
  readonly way: Way
}

const thinksMs = { least: 40, most: 140 }
const connectedMs = { least: 300, most: 2_500 }
const awayMs = { least: 30, most: 800 }
/** Who sees so many of their messages waiting writes no more for now. */
const unsettledMax = 15
/** How long everything gets to come to rest once all is mended, and what is said last to reach everybody. */
const restMsMax = 45_000
const lastMsMax = 15_000
const quietMs = 3_000
const calmMs = 2_000

export async function playChurn(stage: ChurnStage, plan: ChurnPlan, clock: Clock = systemClock): Promise<Round> {
  const random = seededRandom(plan.seed + 1)
  // Not by the seed: rounds of one seed may share a store.
  const room = `room-${systemRandom.id(8)}`
  const players: Player[] = []
  try {
    for (const person of plan.people) players.push(await enter(stage, person, room, random))
    const drops = await churn(stage, plan, players, room, random)
    await rest(players, clock)
    const deaf = await lastWords(players, room)
    const records = await Promise.all(players.map(({ device }) => device.record()))
    const unsettled = players.reduce((sum, { device }) => sum + device.unsettled, 0)
    const findings = (await stage.findings?.(room)) ?? []
    return { ...judge(room, records), seed: plan.seed, hung: deaf + unsettled, drops, records, findings }
  } finally {
    for (const { device, way } of players) {
      device.close()
      await way.close()
    }
  }
}

async function enter(stage: ChurnStage, person: Person, room: string, random: Random): Promise<Player> {
  const way = await Way.open(() => {
    const ports = stage.nodes.flatMap(({ port }) => (port === undefined ? [] : [port]))
    return ports[Math.floor(random.fraction() * ports.length)]
  })
  return { person, device: await stage.enter(person, room, way), way }
}

/** @returns how often a device's connection was cut. */
async function churn(
  stage: ChurnStage,
  plan: ChurnPlan,
  players: readonly Player[],
  room: string,
  random: Random,
): Promise<number> {
  const over = new AbortController()
  const writing = players.map((player) => write(player, room, random, over.signal))
  const dropping = plan.drops ? players.map(({ way }) => drop(way, random, over.signal)) : []
  await (plan.faults.length > 0 ? befall(stage, plan) : pause(calmMs)).finally(() => over.abort())
  await Promise.all(writing)
  return (await Promise.all(dropping)).reduce((sum, times) => sum + times, 0)
}

async function write({ person, device }: Player, room: string, random: Random, over: AbortSignal): Promise<void> {
  for (let number = 1; !over.aborted; number++) {
    // Beginning with the room, as the checker wants it to tell rooms apart.
    if (device.unsettled < unsettledMax) device.send(`${room} ${nameOf(person)} ${number}`)
    await pause(within(thinksMs, random))
  }
}

async function drop(way: Way, random: Random, over: AbortSignal): Promise<number> {
  for (let times = 0; ; times++) {
    await pause(within(connectedMs, random))
    if (over.aborted) return times
    way.cut()
    await pause(within(awayMs, random))
    way.mend()
  }
}

/** Until everybody has everything, or nothing has come for a while. Who is not at rest by then is counted later. */
async function rest(players: readonly Player[], clock: Clock): Promise<void> {
  let shown = -1
  let since = clock.monotonic()
  const isAtRest = async () => {
    if (players.some(({ device }) => device.unsettled > 0 || !device.isLive)) return false
    const now = players.reduce((sum, { device }) => sum + device.shown.length, 0)
    if (now !== shown) since = clock.monotonic()
    shown = now
    return clock.monotonic() - since > quietMs
  }
  await until("everything to come to rest", isAtRest, restMsMax).catch(() => undefined)
}

/** Everybody says one thing more. @returns how many devices show nothing of that, or say that they are not connected. */
async function lastWords(players: readonly Player[], room: string): Promise<number> {
  const words = players.map(({ person }) => `${room} ${nameOf(person)} last`)
  players.forEach(({ device }, index) => void device.send(words[index] ?? ""))
  const has = ({ device }: Player) => words.every((word) => device.shown.includes(word))
  const everybodyHas = async () => players.every((player) => has(player) && player.device.unsettled === 0)
  await until("the last words to reach everybody", everybodyHas, lastMsMax).catch(() => undefined)
  return players.filter(({ device }) => !device.isLive || !words.some((word) => device.shown.includes(word))).length
}
