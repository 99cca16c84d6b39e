/**
 * Messages of people while everything around them comes and goes: Everthread, Socket.IO and Centrifugo, each as its own
 * documentation recommends, through the same plans, and judged by the same checker.
 */
import type { Bench } from "../bench.ts"
import { socketIo } from "../peers/socket-io.ts"
import type { Section, Target } from "../report/section.ts"
import { centrifugo } from "./centrifugo.ts"
import type { Contestant } from "./contestant.ts"
import { everthread } from "./everthread.ts"
import { type ChurnPlan, planOf } from "./plan.ts"
import { playChurn, type Round } from "./play-churn.ts"
import { faultsOf, type Played, seedsTable, sumsTable } from "./tables.ts"

const seedDefault = 1
const seedCount = 5
/** How often each kind of fault comes in one round. */
const times = 2

export async function messages(bench: Bench): Promise<Section> {
  const played: Played[] = []
  const notes: string[] = []
  for (const { contestant, rounds } of await playAll(bench)) {
    if (typeof rounds === "string") notes.push(`${rounds}.`)
    else {
      played.push({ name: contestant.name, rounds })
      notes.push(`${contestant.name}: ${contestant.about}.`, ...firstFindings(contestant.name, rounds))
    }
  }
  return {
    name: "messages",
    title: "Messages while devices drop, and nodes die, freeze and go deaf",
    tables: [sumsTable(played), ...played.map(seedsTable)],
    notes: [...notes, ...meanings],
    targets: [targetFor(played[0]?.rounds ?? [])],
    plots: [],
  }
}

interface Outcome {
  readonly contestant: Contestant
  /** Or in words why there are none. */
  readonly rounds: readonly Round[] | string
}

/** One after the other, so that none is in the way of another one; at once where it has to be quick. */
async function playAll(bench: Bench): Promise<readonly Outcome[]> {
  const contestants = [everthread, socketIo, centrifugo]
  const play = async (contestant: Contestant) => ({ contestant, rounds: await roundsOf(contestant, bench) })
  if (bench.isQuick) return Promise.all(contestants.map(play))
  const outcomes: Outcome[] = []
  for (const contestant of contestants) outcomes.push(await play(contestant))
  return outcomes
}

/** @returns in words why there are none. */
async function roundsOf(contestant: Contestant, bench: Bench): Promise<readonly Round[] | string> {
  const stage = await contestant.open()
  if ("missing" in stage) return stage.missing
  try {
    const rounds: Round[] = []
    const first = bench.seed ?? seedDefault
    const count = bench.isQuick ? 1 : seedCount
    for (let seed = first; seed < first + count; seed++) {
      bench.say(`messages: ${contestant.name}, seed ${seed}`)
      rounds.push(await playChurn(stage, bench.isQuick ? quickPlan(seed) : planOf(seed, times)))
    }
    return rounds
  } finally {
    await stage.stop()
  }
}

/** Nothing that takes its time: enough to see what broke. */
function quickPlan(seed: number): ChurnPlan {
  const plan = planOf(seed, 1)
  const [deafen, kill] = ["deafen", "kill"].map((kind) => plan.faults.find(({ fault }) => fault.kind === kind))
  return { ...plan, faults: [deafen, kill].flatMap((one) => (one ? [one] : [])) }
}

const findingsMax = 5

function firstFindings(name: string, rounds: readonly Round[]): string[] {
  const found = rounds.flatMap(({ seed, others, findings }) =>
    [...others, ...findings].map((one) => ({ seed, ...one })),
  )
  return found
    .slice(0, findingsMax)
    .map(({ seed, law, device, what }) => `${name}, seed ${seed}: ${law}: ${device ?? "everybody"} ${what}`)
}

const targetFor = (rounds: readonly Round[]): Target => ({
  name: "what Everthread lost, doubled, turned round or left hanging",
  value: rounds.length === 0 ? Number.NaN : faultsOf(rounds),
  max: 0,
  unit: "",
  brief: "# lost, doubled, turned round or hung in the churn",
})

const meanings = [
  "lost: a message was acknowledged and a device does not show it, though it is connected at the end; told of it: of a time for which the device was told so.",
  "in another order: neighbours on one device that another shows the other way round; unlike written: a writer's own messages.",
  "hung: devices that are connected to nothing or told nothing new with everything mended, and messages without any outcome.",
]
