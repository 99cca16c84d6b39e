/** What the churn came to, as tables: a row for each contestant, summed over the seeds, and a row for each seed. */
import type { Table } from "../report/section.ts"
import type { Round } from "./play-churn.ts"

export interface Played {
  readonly name: string
  readonly rounds: readonly Round[]
}

type Figure = (round: Round) => number

const figures: readonly (readonly [string, Figure])[] = [
  ["sent", ({ sent }) => sent],
  ["acknowledged", ({ acknowledged }) => acknowledged],
  ["to be shown", ({ deliveries }) => deliveries],
  ["lost", ({ lost }) => lost],
  ["told of it", ({ lostAndTold }) => lostAndTold],
  ["doubled", ({ doubled }) => doubled],
  ["in another order", ({ disordered }) => disordered],
  ["unlike written", ({ unlikeWritten }) => unlikeWritten],
  ["hung", ({ hung }) => hung],
  ["other findings", ({ others, findings }) => others.length + findings.length],
]
const context: readonly (readonly [string, Figure])[] = [
  ["drops", ({ drops }) => drops],
  ["gaps told", ({ gapsTold }) => gapsTold],
]

export const sumOf = (rounds: readonly Round[], figure: Figure): number =>
  rounds.reduce((sum, round) => sum + figure(round), 0)

export function sumsTable(played: readonly Played[]): Table {
  const columns = [...figures, ...context]
  return {
    title: "Sums over all seeds",
    columns: ["", "seeds", ...columns.map(([name]) => name)],
    rows: played.map(({ name, rounds }) => [
      name,
      String(rounds.length),
      ...columns.map(([, figure]) => String(sumOf(rounds, figure))),
    ]),
  }
}

export function seedsTable({ name, rounds }: Played): Table {
  return {
    title: `${name}, seed by seed`,
    columns: ["seed", ...figures.map(([column]) => column)],
    rows: rounds.map((round) => [String(round.seed), ...figures.map(([, figure]) => String(figure(round)))]),
  }
}

/** Everything that must not be. */
export const faultsOf = (rounds: readonly Round[]): number =>
  ["lost", "doubled", "in another order", "unlike written", "hung", "other findings"].reduce((sum, column) => {
    const figure = figures.find(([name]) => name === column)?.[1]
    return sum + (figure ? sumOf(rounds, figure) : 0)
  }, 0)
