/**
 * What one delivery takes as things grow: conversations that are followed, members of one conversation, nodes that it is
 * spread over, and messages that it has had before.
 *
 * Every size has nodes, a Redis and a crowd of its own, all of them at the same time, so that the rounds of all sizes
 * alternate. The same number of messages is sent at the same rate, whatever the size.
 */
import type { Bench } from "../bench.ts"
import { inRounds, mustGetSamples } from "../measure/rounds.ts"
import { ratioOf, spreadOf } from "../measure/spread.ts"
import { type Section, shown, type Target } from "../report/section.ts"
import type { Parts } from "../run-bench.ts"
import { conversations, history, type Kind, members, nodes } from "./kinds.ts"
import { type Cost, type Town, withTown } from "./town.ts"

type Samples = ReadonlyMap<string, readonly Cost[]>

const flatMax = 1.3

export const growth: Parts = {
  conversations: partOf(conversations),
  members: partOf(members),
  nodes: partOf(nodes),
  history: partOf(history),
}

function partOf(kind: Kind): (bench: Bench) => Promise<Section> {
  return async (bench) => {
    const sizes = bench.isQuick ? kind.quickSizes : kind.sizes
    return sectionOf(kind, sizes, await inTowns(bench, kind, sizes, new Map()))
  }
}

/** All towns are there at once: one inside the other, and the rounds in the innermost. */
function inTowns(
  bench: Bench,
  kind: Kind,
  [size, ...more]: readonly number[],
  towns: ReadonlyMap<number, Town>,
): Promise<Samples> {
  if (size === undefined) return measure(bench, kind, towns)
  const say = (text: string) => bench.say(`${kind.name}: gathering ${size}: ${text}`)
  return withTown(kind.nodesFor(size), async (town) => {
    await kind.gather(town, size, say)
    return inTowns(bench, kind, more, new Map([...towns, [size, town]]))
  })
}

async function measure(bench: Bench, kind: Kind, towns: ReadonlyMap<number, Town>): Promise<Samples> {
  const messages = kind.perSecond * (bench.isQuick ? 1 : 2)
  const contestants = [...towns].map(([size, town]) => ({
    name: String(size),
    run: () => town.talk(messages, kind.perSecond),
  }))
  bench.say(`${kind.name}: warming up`)
  // The code is warm, and every connection has been written to.
  for (const { run } of contestants) await run()
  return inRounds(bench.rounds, contestants, (text) => bench.say(`${kind.name}: ${text}`))
}

const costs = (samples: Samples, size: number | undefined, side: keyof Cost): number[] =>
  mustGetSamples(samples, String(size)).map((cost) => cost[side])

function sectionOf(kind: Kind, sizes: readonly number[], samples: Samples): Section {
  const cells = (size: number, side: keyof Cost) => [
    shown(spreadOf(costs(samples, size, side)), 1),
    `${ratioOf(costs(samples, size, side), costs(samples, sizes[0], side)).median.toFixed(2)}x`,
  ]
  const busy = (size: number) =>
    (["nodeBusy", "crowdBusy"] as const).map((side) => spreadOf(costs(samples, size, side)).median.toFixed(2))
  const spreads = (side: keyof Cost) => sizes.map((size) => spreadOf(costs(samples, size, side)))
  return {
    name: kind.name,
    title: `CPU for one delivery, by how many ${kind.of}`,
    tables: [
      {
        title: "Microseconds of processor time, all nodes together; and in times of the first line",
        columns: ["", "node µs", "times", "Redis µs", "times", "busy: node / devices"],
        rows: sizes.map((size) => [
          shownSize(size),
          ...cells(size, "nodeUs"),
          ...cells(size, "redisUs"),
          busy(size).join(" / "),
        ]),
      },
    ],
    notes: [
      `Messages of about 200 bytes that devices send, ${kind.perSecond} a second; Redis with appendfsync always.`,
      "Busy is a share of one core, of each node and of the process with all the devices: what is near 1 was saturated.",
    ],
    targets: kind.isFlat ? targetsOf(kind, sizes, samples) : [],
    plots: [
      {
        name: `growth-${kind.name}`,
        title: `CPU for one delivery, by ${kind.name}`,
        unit: "µs",
        groups: sizes.map(shownSize),
        series: [
          { name: "nodes", values: spreads("nodeUs") },
          { name: "Redis", values: spreads("redisUs") },
        ],
      },
    ],
  }
}

function targetsOf({ name, of }: Kind, sizes: readonly number[], samples: Samples): Target[] {
  const [first, last] = [sizes[0] ?? 0, sizes.at(-1) ?? 0]
  const target = (side: keyof Cost, who: string): Target => ({
    name: `${who} CPU of a delivery, ${shownSize(last)} against ${shownSize(first)} ${of}`,
    brief: `${name}, ${who} #`,
    value: ratioOf(costs(samples, last, side), costs(samples, first, side)).median,
    max: flatMax,
    unit: "x",
  })
  return [target("nodeUs", "node"), target("redisUs", "Redis")]
}

const shownSize = (size: number): string => size.toLocaleString("en")
