/**
 * What an event of a hundred bytes takes of Redis' memory, with everything that belongs to it.
 *
 * The server's own count of what it uses, after so many events in so many conversations, minus what it used when it was
 * empty. What a part costs is what becomes free when that part's keys are deleted.
 */
import type { RedisEngine } from "@everthread/engine-redis"
import type { Bench } from "../bench.ts"
import { drive, type Operation } from "../measure/lanes.ts"
import { createLanes, type Lane, outputs, sends } from "../redis/appends.ts"
import { deltaBody, messageBody } from "../redis/bodies.ts"
import type { Control } from "../redis/control.ts"
import { type NodePair, withNodePair } from "../redis/node-pair.ts"
import type { Section, Target } from "../report/section.ts"

interface Case {
  readonly kind: "run output" | "sends"
  readonly conversations: number
  /** `stream-node-max-bytes` of the server; the default is 4096. */
  readonly nodeBytes: number
}

/** Bytes for one event. */
interface Measured extends Case {
  readonly all: number
  readonly streams: number
  readonly keyRecords: number
  readonly rest: number
}

const bodyBytes = 100
const bytesMax = 200
const nodeBytesDefault = 4_096
const inFlight = 64
/** In a conversation of ten events the stream's first block, which Redis makes whole, is most of what there is. */
const judgedEventsMin = 1_000

const caseOf = (kind: Case["kind"], conversations: number, nodeBytes = nodeBytesDefault): Case => ({
  kind,
  conversations,
  nodeBytes,
})
/** No more than what is judged. */
const quickCases = [1, 8].map((conversations) => caseOf("run output", conversations))
const wholeCases = (["run output", "sends"] as const).flatMap((kind) => [
  ...[1, 100, 10_000].map((conversations) => caseOf(kind, conversations)),
  caseOf(kind, 10_000, 512),
])

export async function memory(bench: Bench): Promise<Section> {
  const events = bench.isQuick ? 8_000 : 100_000
  const cases = bench.isQuick ? quickCases : wholeCases
  const measured: Measured[] = []
  for (const one of cases) {
    bench.say(`memory: ${one.kind} in ${one.conversations} conversations`)
    const config = { "stream-node-max-bytes": one.nodeBytes }
    measured.push(await withNodePair(bench, "memory", (pair) => measure(bench, one, events, pair), config))
  }
  return sectionOf(events, measured)
}

async function measure(bench: Bench, one: Case, events: number, { server, nodes }: NodePair): Promise<Measured> {
  const { control } = server
  const empty = await usedBytes(control)
  const lanes = await createLanes(nodes, one.conversations, bench.random)
  await fill(one, lanes, events, bench)
  const full = await usedBytes(control)
  const withoutStreams = await without(control, lanes, ({ log }, id) => log(id))
  const withoutRecords = await without(control, lanes, ({ idempotency }, id) => idempotency(id))
  return {
    ...one,
    all: (full - empty) / events,
    streams: (full - withoutStreams) / events,
    keyRecords: (withoutStreams - withoutRecords) / events,
    rest: (withoutRecords - empty) / events,
  }
}

async function fill({ kind }: Case, lanes: readonly Lane[], events: number, { random }: Bench): Promise<void> {
  const operation =
    kind === "sends"
      ? sends(lanes, messageBody(bodyBytes), random)
      : await outputs(lanes, [deltaBody(bodyBytes)], random)
  await drive(Math.min(inFlight, lanes.length), events, byTurns(operation, lanes.length))
}

/** Every conversation as often as the others; a run's output in its order, so no two of one conversation at a time. */
function byTurns(operation: Operation, lanes: number): Operation {
  let turn = 0
  return lanes <= inFlight ? operation : () => operation(turn++ % lanes)
}

async function without(
  control: Control,
  lanes: readonly Lane[],
  keyOf: (keys: RedisEngine["keys"], conversation: string) => string,
): Promise<number> {
  for (const { engine, conversation } of lanes) await control.send("DEL", keyOf(engine.keys, conversation))
  return usedBytes(control)
}

/** When nothing is held any more that only passing calls needed. */
async function usedBytes(control: Control): Promise<number> {
  await control.send("MEMORY", "PURGE")
  return (await control.counts()).usedBytes
}

function sectionOf(events: number, measured: readonly Measured[]): Section {
  // Adding nothing makes a zero of what is a little less than none: it would be shown as -0.
  const bytes = (value: number) => (Math.round(value) + 0).toFixed(0)
  const nameOf = ({ kind, conversations, nodeBytes }: Case) =>
    `${kind}, ${conversations} conversation${conversations === 1 ? "" : "s"}${nodeBytes === nodeBytesDefault ? "" : `, stream-node-max-bytes ${nodeBytes}`}`
  return {
    name: "memory",
    title: `Redis memory for one event of ${bodyBytes} bytes`,
    tables: [
      {
        title: `Bytes for one event, after ${events} events`,
        columns: ["", "all", "streams", "key records", "meta, members, rest"],
        rows: measured.map((one) => [nameOf(one), ...[one.all, one.streams, one.keyRecords, one.rest].map(bytes)]),
      },
    ],
    notes: [
      "Redis makes the first block of every stream 4096 bytes long, however little goes in, and every later one too until it is full: in " +
        "conversations of ten events that is most of what there is. stream-node-max-bytes makes the blocks shorter.",
      `Judged is run output where conversations have at least ${judgedEventsMin} events; what is sent is shown beside it.`,
    ],
    targets: measured
      .filter(({ kind, conversations }) => kind === "run output" && events / conversations >= judgedEventsMin)
      .map(
        (one): Target => ({ name: `bytes for an event: ${nameOf(one)}`, value: one.all, max: bytesMax, unit: " B" }),
      ),
    plots: [],
  }
}
