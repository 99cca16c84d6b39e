/** Runs of an agent that two devices follow, while a device leaves and comes back, and while the node dies that speaks. */
import type { Bench } from "../bench.ts"
import { langgraphServer } from "../peers/langgraph-server.ts"
import type { Section, Table } from "../report/section.ts"
import { everthreadRuns } from "./everthread-runs.ts"
import { playRun, type RunCase, type RunRound, runCases } from "./play-run.ts"
import type { RunContestant } from "./run-stage.ts"

const seedDefault = 1
const seedCount = 5
const quickCases: readonly RunCase[] = ["kill -9 of the node"]

interface Outcome {
  readonly name: string
  readonly rounds: readonly RunRound[]
}

export async function runs(bench: Bench): Promise<Section> {
  const outcomes: Outcome[] = []
  const notes: string[] = []
  // What has to be quick fetches nothing, and its others are told of in the other part.
  const contestants = bench.isQuick ? [everthreadRuns] : [everthreadRuns, langgraphServer]
  // At once: a run waits for its words most of the time, and one that hangs is waited for long.
  const all = await Promise.all(contestants.map((contestant) => roundsOf(contestant, bench)))
  for (const [at, contestant] of contestants.entries()) {
    const rounds = all[at] ?? []
    if (typeof rounds === "string") notes.push(`${rounds}.`)
    else {
      outcomes.push({ name: contestant.name, rounds })
      notes.push(`${contestant.name}: ${contestant.about}.`)
    }
  }
  const faults = outcomes[0]?.rounds.reduce((sum, round) => sum + faultsOf(round), 0) ?? Number.NaN
  return {
    name: "runs",
    title: "An answer that two devices follow, while one leaves or the node dies",
    tables: [tableOf(outcomes)],
    notes: [...notes, ...meanings],
    targets: [
      {
        name: "words of an answer that Everthread lost, doubled or turned round, and what it left hanging",
        value: faults,
        max: 0,
        unit: "",
        brief: "# words lost or doubled, or runs hung, in the churn",
      },
    ],
    plots: [],
  }
}

async function roundsOf(contestant: RunContestant, bench: Bench): Promise<readonly RunRound[] | string> {
  const stage = await contestant.open()
  if ("missing" in stage) return stage.missing
  const rounds: RunRound[] = []
  const first = bench.seed ?? seedDefault
  try {
    for (const which of bench.isQuick ? quickCases : runCases) {
      for (let seed = first; seed < first + (bench.isQuick ? 1 : seedCount); seed++) {
        bench.say(`runs: ${contestant.name}, ${which}, seed ${seed}`)
        rounds.push(await playRun(stage, which, seed))
      }
    }
    return rounds
  } finally {
    await stage.stop()
  }
}

const faultsOf = ({ lost, doubled, disordered, hung, stuck }: RunRound): number =>
  lost + doubled + disordered + hung + stuck

function tableOf(outcomes: readonly Outcome[]): Table {
  const rows = outcomes.flatMap(({ name, rounds }) =>
    runCases.flatMap((which) => {
      const played = rounds.filter((round) => round.case === which)
      if (played.length === 0) return []
      const sum = (figure: (round: RunRound) => number) => String(played.reduce((all, one) => all + figure(one), 0))
      return [
        [
          `${name}: ${which}`,
          played.map(({ seed }) => seed).join(" "),
          sum(({ words }) => words),
          sum(({ lost }) => lost),
          sum(({ lostForGood }) => lostForGood),
          sum(({ doubled }) => doubled),
          sum(({ disordered }) => disordered),
          sum(({ hung }) => hung),
          sum(({ stuck }) => stuck),
        ],
      ]
    }),
  )
  return {
    title: "Words of the answer on two devices, sums over all seeds",
    columns: ["", "seeds", "words", "lost", "lost for good", "doubled", "in another order", "hung", "stuck"],
    rows,
  }
}

const meanings = [
  "lost: words that a device does not show when the run is over, or when the wait for that was; lost for good: also when it is loaded anew.",
  "hung: devices that are never told the end of the run; stuck: threads that refuse the next question.",
]
