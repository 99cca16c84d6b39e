/** The show from the first node's start to the last one's end, whatever comes in between. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CliContext } from "../context.ts"
import { CliError, Interrupted } from "../failure.ts"
import { closingTable } from "./closing-table.ts"
import type { DemoCounts } from "./counts.ts"
import { checkPorts } from "./free-ports.ts"
import { type Check, judge } from "./judge.ts"
import { agentName } from "./node-flags.ts"
import { begin, enter, fastPace, look, type Play, readingPace } from "./play.ts"
import { people, playConsistency } from "./scene-consistency.ts"
import { ownDevices, playDevices } from "./scene-devices.ts"
import { playRecovery } from "./scene-recovery.ts"
import type { Output, Stage } from "./stage.ts"
import { portsFrom, type StartedCluster, startCluster } from "./start-cluster.ts"
import type { DemoTexts } from "./texts.ts"

export interface DemoOptions {
  readonly redis: string | undefined
  readonly port: number
  readonly fast: boolean
  readonly json: boolean
  readonly texts: DemoTexts
  readonly stage: Stage
  readonly output: Output
  readonly context: CliContext
  /** Rejects with `Interrupted` when somebody wants it to end. */
  readonly interrupted: Promise<never>
}

const runChars = 6
const columnsDefault = 80

/** @throws CliError if a count is wrong or the nodes do not start; Interrupted. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { context, stage, texts, port } = options
  await checkPorts(port === 0 ? [] : portsFrom(port), texts)
  const run = context.random.id(runChars).toLowerCase()
  const folder = await mkdtemp(join(tmpdir(), "everthread-demo-"))
  const startedMs = context.clock.monotonic()
  stage.say(texts.starting)
  const starting = startCluster({ ...options, run, folder })
  let result: ShowResult
  try {
    result = await Promise.race([show(starting, run, options), options.interrupted])
    showTable(result, options)
  } finally {
    stage.end()
    // However far it came: what was started is ended, also if that was on its way.
    const cluster = await starting.catch(() => undefined)
    await cluster?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  conclude(result, run, (context.clock.monotonic() - startedMs) / 1_000, options)
}

interface ShowResult {
  readonly cluster: StartedCluster
  readonly counts: DemoCounts
  readonly checks: readonly Check[]
}

async function show(starting: Promise<StartedCluster>, run: string, options: DemoOptions): Promise<ShowResult> {
  const { context, stage, texts, fast } = options
  const cluster = await starting
  const { nodes } = cluster
  stage.say(texts.nodes(nodes.map(({ url }) => url)))
  const { clock, random } = context
  const play: Play = { nodes, run, clock, random, pace: fast ? fastPace : readingPace, stage, texts }
  const counts = await playAll(play)
  return { cluster, counts, checks: judge(counts) }
}

async function playAll(play: Play): Promise<DemoCounts> {
  const everybody = enter(play, `demo-${play.run}`, people)
  const own = enter(play, `demo-${play.run}-own`, ownDevices)
  try {
    await begin(play, `demo-${play.run}`, everybody)
    const consistency = await playConsistency(play, everybody)
    await look(play)
    const recovery = await playRecovery(play, everybody, consistency.written)
    await look(play)
    await begin(play, `demo-${play.run}-own`, own, agentName)
    const devices = await playDevices(play, own)
    return { consistency, recovery, devices }
  } finally {
    for (const { client } of [...everybody, ...own]) client.close()
  }
}

function showTable({ checks }: ShowResult, { json, output, texts, stage }: DemoOptions): void {
  stage.end()
  if (json) return
  const table = closingTable(checks, { columns: output.columns ?? columnsDefault, paint: stage.paint, texts })
  output.write(`\n${table.join("\n")}\n\n`)
}

/** Said when everything has ended, so that what is said of what is left is true. */
function conclude({ cluster, counts, checks }: ShowResult, run: string, seconds: number, options: DemoOptions): void {
  const { json, texts, stage, context } = options
  const wrong = checks.filter(({ ok }) => !ok)
  const left = cluster.store === "redis" ? texts.leftInRedis(run) : texts.leftNothing
  if (json) {
    const nodes = cluster.nodes.map(({ url }) => url)
    const about = { ok: wrong.length === 0, store: cluster.store, nodes, run, seconds: Number(seconds.toFixed(1)) }
    context.out(`${JSON.stringify({ ...about, checks, counts, left })}\n`)
  } else {
    if (wrong.length === 0) stage.say(texts.allOk(checks.length, seconds.toFixed(1)))
    stage.say(left)
  }
  if (wrong.length > 0) throw wrongCounts(wrong.length, cluster.complaints(), texts)
}

function wrongCounts(count: number, complaints: string, texts: DemoTexts): CliError {
  const said = complaints === "" ? "" : `\n${texts.complaints}\n${complaints}`
  return new CliError(texts.someWrong(count), texts.someWrongAdvice + said)
}

type SignalSource = Pick<NodeJS.EventEmitter, "once" | "off">

/** By the convention of shells: 128 and the signal's number. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const

/** The first signal ends it in good order; the next one finds nobody who listens, and ends it at once. */
export function watchSignals(text: string, source: SignalSource = process) {
  let stop = () => {}
  const interrupted = new Promise<never>((_resolve, reject) => {
    const ends = Object.entries(exitCodes).map(([signal, code]) => {
      const end = () => reject(new Interrupted(code, text))
      source.once(signal, end)
      return () => source.off(signal, end)
    })
    stop = () => {
      for (const end of ends) end()
    }
  })
  interrupted.catch(() => {})
  return { interrupted, stop: () => stop() }
}
