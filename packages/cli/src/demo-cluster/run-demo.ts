/** The show from the first node's start to the last one's end, whatever comes in between. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CliContext } from "../context.ts"
import { conclude, type ShowResult, showTable } from "./conclude.ts"
import type { DemoCounts } from "./counts.ts"
import type { Device } from "./device.ts"
import { checkPorts } from "./free-ports.ts"
import { judge } from "./judge.ts"
import { agentName } from "./node-flags.ts"
import { begin, enter, fastPace, look, type Play, readingPace } from "./play.ts"
import { people, playConsistency } from "./scene-consistency.ts"
import { ownDevices, playDevices } from "./scene-devices.ts"
import { playRecovery } from "./scene-recovery.ts"
import type { Output, Stage } from "./stage.ts"
import { portsFrom, type StartedCluster, startCluster } from "./start-cluster.ts"
import type { DemoTexts } from "./texts.ts"

export interface DemoOptions {
  readonly redis: string | false | undefined
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

/** @throws CliError if a count is wrong or the nodes do not start; Interrupted. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { context, stage, texts, port } = options
  await checkPorts(port === 0 ? [] : portsFrom(port), texts)
  const run = context.random.id(runChars).toLowerCase()
  const folder = await mkdtemp(join(tmpdir(), "everthread-demo-"))
  const startedMs = context.clock.monotonic()
  stage.say(texts.starting)
  const starting = startCluster({ ...options, run, folder })
  const opened: Device[] = []
  let result: ShowResult
  try {
    result = await Promise.race([show(starting, { run, opened }, options), options.interrupted])
    showTable(result, options)
  } finally {
    stage.end()
    for (const { client } of opened) client.close()
    // However far it came: what was started is ended, also if that was on its way.
    const cluster = await starting.catch(() => undefined)
    await cluster?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  conclude(result, (context.clock.monotonic() - startedMs) / 1_000, options)
}

type RunParts = Pick<Play, "run" | "opened">

async function show(starting: Promise<StartedCluster>, parts: RunParts, options: DemoOptions): Promise<ShowResult> {
  const { context, stage, texts, fast } = options
  const cluster = await starting
  const { nodes } = cluster
  stage.say(texts.nodes(nodes.map(({ url }) => url)))
  const { clock, random } = context
  const play: Play = { ...parts, nodes, clock, random, pace: fast ? fastPace : readingPace, stage, texts }
  const counts = await playAll(play)
  return { run: parts.run, cluster, counts, checks: judge(counts) }
}

async function playAll(play: Play): Promise<DemoCounts> {
  const shared = `demo-${play.run}`
  const everybody = enter(play, shared, people)
  await begin(play, shared, everybody)
  const consistency = await playConsistency(play, everybody)
  await look(play)
  const recovery = await playRecovery(play, everybody, consistency.written)
  await look(play)
  const own = enter(play, `${shared}-own`, ownDevices)
  await begin(play, `${shared}-own`, own, agentName)
  const devices = await playDevices(play, own)
  return { consistency, recovery, devices }
}
