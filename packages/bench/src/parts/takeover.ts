/**
 * How long nobody speaks when the node that speaks is gone: from the signal to the first new token on a device.
 *
 * Three nodes on one Redis, `everthread serve` as it is in production, the lease as it is by default. Runs that speak
 * twenty times a second in steps of half a second are spread over them; one of the nodes gets the signal, and each of its
 * runs is one sample. A device on a node that is left alone watches.
 */
import type { Bench } from "../bench.ts"
import { percentileOf, spreadOf } from "../measure/spread.ts"
import { startServer } from "../redis/server.ts"
import { type Section, shown } from "../report/section.ts"
import { type ServedNode, serveNode } from "../runs/served-node.ts"
import { type Seen, Watcher } from "../runs/watcher.ts"

type Signal = "SIGKILL" | "SIGSTOP" | "SIGTERM"

const leaseMs = 2_000
const withinMs = leaseMs + 1_000
const runsAtOnce = 24
/** Long enough to outlive every takeover. */
const text = "800 words, 20 a second, 80 steps"
const victims = ["bench-a", "bench-b"]
const signals: readonly Signal[] = ["SIGKILL", "SIGSTOP", "SIGTERM"]

export async function takeover(bench: Bench): Promise<Section> {
  const samplesMin = bench.isQuick ? 6 : 50
  const server = await startServer("fsync")
  const nodes = new Map<string, ServedNode>()
  try {
    const up = async (name: string) => void nodes.set(name, await serveNode(name, server.url))
    await Promise.all([...victims, "bench-watch"].map(up))
    const taken = new Map<Signal, number[]>()
    for (const signal of signals) {
      const delays: number[] = []
      taken.set(signal, delays)
      for (let round = 0; delays.length < samplesMin; round++) {
        bench.say(`takeover: ${signal}, ${delays.length} of ${samplesMin}`)
        delays.push(...(await strike(signal, `${signal}-${round}`, nodes)))
        for (const name of victims) if (!nodes.has(name)) await up(name)
      }
    }
    return sectionOf(taken)
  } finally {
    for (const node of nodes.values()) await node.stop()
    await server.stop()
  }
}

/** @returns for each run of the node that was struck, how long it was silent, in milliseconds. */
async function strike(signal: Signal, name: string, nodes: Map<string, ServedNode>): Promise<number[]> {
  const watch = nodes.get("bench-watch")
  if (!watch) throw new Error("there is no node to watch from")
  const watcher = await Watcher.connect(watch.port)
  const seen = await Promise.all(Array.from({ length: runsAtOnce }, (_, run) => watcher.ask(`${name}-${run}`, text)))
  await watcher.until(() => seen.every(({ spokeAt }) => spokeAt !== undefined))
  const victim = busiest(seen)
  const struck = seen.filter(({ node }) => node === victim)
  const node = nodes.get(victim)
  if (!node) throw new Error(`there is no node ${victim}`)
  const at = performance.now()
  node.signal(signal)
  await watcher.until(() => struck.every(({ attempt, spokeAt }) => attempt > 1 && spokeAt !== undefined))
  const delays = struck.map(({ spokeAt = Number.NaN }) => spokeAt - at)
  nodes.delete(victim)
  await node.stop()
  await watcher.stopAll()
  await watcher.until(() => seen.every(({ isOver }) => isOver))
  watcher.close()
  return delays
}

/** The node with most of the runs, among those that may be struck. */
function busiest(seen: readonly Seen[]): string {
  const count = (name: string) => seen.filter(({ node }) => node === name).length
  return victims.reduce((most, name) => (count(name) > count(most) ? name : most))
}

function sectionOf(taken: ReadonlyMap<Signal, readonly number[]>): Section {
  const rows = [...taken].map(([signal, delays]) => {
    const sorted = Float64Array.from(delays).sort()
    const at = (share: number) => (percentileOf(sorted, share) / 1_000).toFixed(2)
    return [signal, String(delays.length), shown(spreadOf(delays.map((ms) => ms / 1_000))), at(0.9), at(0.99)]
  })
  const p99 = (signal: Signal) => percentileOf(Float64Array.from(taken.get(signal) ?? []).sort(), 0.99) / 1_000
  return {
    name: "takeover",
    title: `Takeover: seconds from the signal to the first new token, with a lease of ${leaseMs / 1_000} s`,
    tables: [{ title: "", columns: ["signal", "runs", "median (least–most)", "p90", "p99"], rows }],
    notes: ["SIGTERM: the node ends each run's superstep, which takes up to half a second here, and hands it over."],
    targets: (["SIGKILL", "SIGSTOP"] as const).map((signal) => ({
      name: `p99 after ${signal}`,
      value: p99(signal),
      max: withinMs / 1_000,
      unit: " s",
    })),
    plots: [],
  }
}
