/**
 * How often an append goes to the server and back: counted there, not here.
 *
 * With one call under way at a time, each request is one read of the server's from a socket; and the counts of its
 * commands say that nothing but one script was called by the client, and what that script called.
 */
import type { Bench } from "../bench.ts"
import { drive, type Operation } from "../measure/lanes.ts"
import { createLanes, outputs, sends } from "../redis/appends.ts"
import { deltaBody, messageBody } from "../redis/bodies.ts"
import type { Counts } from "../redis/control.ts"
import { type NodePair, withNodePair } from "../redis/node-pair.ts"
import type { Section } from "../report/section.ts"

interface Trips {
  readonly name: string
  readonly scripts: number
  readonly reads: number
  /** What else was called, by the script: `hget 1`. */
  readonly inside: string
}

const bodyBytes = 200
/** A connection hears itself now and then; that is read as well. */
const readsMax = 1.05
/** Ours, and what counting itself costs. */
const notInside = new Set(["evalsha", "info"])

export function roundTrips(bench: Bench): Promise<Section> {
  return withNodePair(bench, "fsync", async (pair) => {
    bench.say("round trips")
    const appends = bench.isQuick ? 300 : 1_000
    const { random } = bench
    const oneLane = () => createLanes(pair.nodes, 1, random)
    const [speaks, says, opens] = await Promise.all([oneLane(), oneLane(), oneLane()])
    const opening = { runs: [{ run: "opened", state: "open" as const }] }
    const trips = [
      await count("a fenced delta", await outputs(speaks, [deltaBody(bodyBytes)], random), appends, pair),
      await count("a send", sends(says, messageBody(bodyBytes), random), appends, pair),
      await count("a send that opens a run", sends(opens, messageBody(bodyBytes), random, opening), appends, pair),
    ]
    return sectionOf(appends, trips)
  })
}

async function count(name: string, operation: Operation, appends: number, { server }: NodePair): Promise<Trips> {
  // The server does not know a script before its first call.
  await drive(1, 1, operation)
  const before = await server.control.counts()
  await drive(1, appends, operation)
  const after = await server.control.counts()
  const calls = callsBetween(before, after)
  const inside = [...calls].filter(([command]) => !notInside.has(command))
  return {
    name,
    scripts: (calls.get("evalsha") ?? 0) / appends,
    // One read is the counting's own.
    reads: (after.reads - before.reads - 1) / appends,
    inside: inside.map(([command, number]) => `${command} ${(number / appends).toFixed(2)}`).join(", "),
  }
}

function callsBetween(before: Counts, after: Counts): Map<string, number> {
  const grown = [...after.calls].map(([name, calls]): [string, number] => [name, calls - (before.calls.get(name) ?? 0)])
  return new Map(grown.filter(([, calls]) => calls > 0).sort(([a], [b]) => a.localeCompare(b)))
}

function sectionOf(appends: number, trips: readonly Trips[]): Section {
  return {
    name: "round-trips",
    title: "Round trips of one append, counted by the server",
    tables: [
      {
        title: `${appends} appends, one at a time`,
        columns: ["append", "scripts called", "reads from sockets", "called by the script"],
        rows: trips.map(({ name, scripts, reads, inside }) => [name, scripts.toFixed(3), reads.toFixed(3), inside]),
      },
    ],
    notes: [
      "What a node sends now and then to hear that its connections live is among the reads and the commands: that is what makes them " +
        "more than a whole number.",
      "Of the two publications of a send that opens a run, one is the run's announcement to the workers: it goes out after the answer, " +
        "together with whatever is asked next, and nobody waits for it.",
    ],
    targets: trips.flatMap(({ name, scripts, reads }) => [
      { name: `scripts for ${name}`, value: scripts, max: 1, unit: "" },
      { name: `reads from sockets for ${name}`, value: reads, max: readsMax, unit: "" },
    ]),
    plots: [],
  }
}
