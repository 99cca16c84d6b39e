/** One event to everybody in one conversation: what it costs for each device that gets it. */
import type { Bench } from "../bench.ts"
import type { Burst, BurstResult } from "../delivery/load.ts"
import { inRounds } from "../measure/rounds.ts"
import { type ContestantName, mustGetStand, type Stand, withStands } from "./contestants.ts"
import { type Figures, figuresOf } from "./figures.ts"
import type { Bursts } from "./source.ts"

/** Who, for the writer in C how many events it joins, and what its devices together get in a second. */
export interface Entrant {
  readonly name: string
  readonly contestant: ContestantName
  readonly joined: number
  readonly deliveriesPerSecond: number
}

export interface FanOutCase {
  readonly title: string
  readonly devices: number
  /** Events that come in one turn of the event loop. */
  readonly events: number
  readonly entrants: readonly Entrant[]
}

export interface MeasuredFanOut extends FanOutCase {
  readonly samples: ReadonlyMap<string, readonly Figures[]>
}

const textBytes = 200
/** Of each of the runs before. */
const warmUpSeconds = 0.8
const warmUps = 2

const contestants: readonly ContestantName[] = [
  "everthread",
  "socket.io",
  "ws, encoded once",
  "ws, encoded for each",
  "C",
]

/** @returns what was measured, and who could not be. */
export function measureFanOut(bench: Bench, devices: number, cases: readonly FanOutCase[], seconds: number) {
  return withStands(contestants, { rooms: 1, members: devices, textBytes }, async (stands) => {
    const measured: MeasuredFanOut[] = []
    for (const one of cases) {
      const present = one.entrants.filter(({ contestant }) => stands.of.has(contestant))
      const runs = present.map((entrant) => {
        const tell = (forSeconds: number) =>
          tellAll(mustGetStand(stands, entrant.contestant), burstsOf(one, entrant, forSeconds))
        return { name: entrant.name, run: () => tell(seconds), warmUp: () => tell(warmUpSeconds) }
      })
      // Every connection has been written to, and the code is warm: after one run it is still being compiled.
      for (let run = 0; run < warmUps; run++) for (const { warmUp } of runs) await warmUp()
      const samples = await inRounds(bench.rounds, runs, (text) => bench.say(`fan-out: ${one.title}: ${text}`))
      measured.push({ ...one, entrants: present, samples })
    }
    return { measured, missing: stands.missing }
  })
}

function burstsOf({ devices, events }: FanOutCase, { joined, deliveriesPerSecond }: Entrant, seconds: number): Bursts {
  const perSecond = deliveriesPerSecond / devices / events
  return { bursts: Math.ceil(perSecond * seconds), events, joined, perSecond, textBytes }
}

/** An operation is one event at one device. */
function tellAll(stand: Stand, bursts: Bursts): Promise<Figures> {
  return figuresOf(stand, async () => {
    const deliveries = bursts.bursts * bursts.events * stand.shape.members
    const [result] = await Promise.all([
      stand.load.ask<BurstResult>({ deliveries } satisfies Burst),
      stand.nodes[0]?.emit(bursts),
    ])
    return { ...result, count: result.delivered }
  })
}
