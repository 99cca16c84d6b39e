/** The show from the first node's start to the last one's end, whatever comes in between. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { CliContext } from "../context.ts"
import { checkPorts } from "../demo-cluster/free-ports.ts"
import type { Output, Stage } from "../demo-cluster/stage.ts"
import { portsFrom } from "../demo-cluster/start-cluster.ts"
import { demoTexts } from "../demo-cluster/texts.ts"
import { until } from "../demo-cluster/until.ts"
import { conclude, type ShowResult } from "./conclude.ts"
import { look, playTakeover } from "./scene.ts"
import type { ShowPlay, Takeover } from "./show-play.ts"
import { Spectator } from "./spectator.ts"
import { type Speaker, storyRows } from "./story-rows.ts"
import type { TakeoverTexts } from "./texts.ts"
import { agentOf, startTroupe, type Troupe } from "./troupe.ts"
import { judgeTakeover } from "./verdict.ts"

export interface TakeoverOptions {
  readonly redis: string | false | undefined
  readonly port: number
  readonly fast: boolean
  readonly json: boolean
  readonly texts: TakeoverTexts
  readonly stage: Stage
  readonly output: Output
  readonly context: CliContext
  /** Rejects with `Interrupted` when somebody wants it to end. */
  readonly interrupted: Promise<never>
}

const runChars = 6
/** How long a word takes: so that people can read along, and so that the kill still comes in the middle of a sentence. */
const wordDelayMs = { reading: 90, fast: 25 }
const lookMs = 1_200

/** @throws CliError if anything is not as promised or the nodes do not start; Interrupted. */
export async function runTakeover(options: TakeoverOptions): Promise<void> {
  const { context, stage, texts, port, fast } = options
  await checkPorts(port === 0 ? [] : portsFrom(port), demoTexts[context.language])
  const run = context.random.id(runChars).toLowerCase()
  const folder = await mkdtemp(join(tmpdir(), "everthread-demo-"))
  const startedMs = context.clock.monotonic()
  stage.say(texts.starting)
  const starting = startTroupe({ ...options, run, folder, wordDelayMs: fast ? wordDelayMs.fast : wordDelayMs.reading })
  const opened: Spectator[] = []
  let result: ShowResult
  try {
    result = await Promise.race([show(starting, run, opened, options), options.interrupted])
  } finally {
    stage.end()
    for (const { client } of opened) client.close()
    // However far it came: what was started is ended, also if that was on its way.
    const troupe = await starting.catch(() => undefined)
    await troupe?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  conclude(result, (context.clock.monotonic() - startedMs) / 1_000, options)
}

async function show(
  starting: Promise<Troupe>,
  run: string,
  opened: Spectator[],
  options: TakeoverOptions,
): Promise<ShowResult> {
  const { context, stage, texts, fast } = options
  const { clock, random } = context
  // Loaded only now: a help must not wait for LangGraph.
  const { undisturbed } = await import("../demo/chapters.ts")
  const story = await undisturbed(texts.question)
  const { store, nodes, complaints } = await starting
  const conversation = `takeover-${run}`
  const enter = (name: string, first: number) => {
    const device = new Spectator({ name, user: `ada-${run}`, conversation, nodes, first, story, clock, random })
    opened.push(device)
    return device
  }
  const devices = [enter("laptop", 0), enter("phone", 1)]
  const agent = agentOf(run)
  await devices[0]?.client.create({ conversation, agent })
  for (const device of devices) device.follow()
  await until(devices, () => devices.every(({ isLive }) => isLive), clock)
  const play = { store, nodes, devices, story, agent, clock, lookMs: fast ? 0 : lookMs, stage, texts }
  const takeover = await playTakeover(play)
  await look(play)
  settle(play, takeover)
  const newcomer = enter("newcomer", 2)
  newcomer.follow()
  await until([newcomer], () => newcomer.isLive, clock)
  const watching = devices.map(({ shown }) => shown)
  const checks = judgeTakeover(story, watching, newcomer.shown)
  return { store, run, story, takeover, checks, complaints }
}

/** What stays of the scene. Where lines are only added, nothing of it was seen so far. */
function settle({ stage, devices, texts, clock }: ShowPlay, takeover: Takeover | undefined): void {
  if (!stage.isRedrawn && takeover) stage.say(texts.tookBack(takeover.retracted))
  const speaker: Speaker = takeover ? { state: "done", node: takeover.to } : { state: "nobody" }
  const nowMs = clock.monotonic()
  stage.settle((columns) => storyRows(devices, speaker, { columns, texts, paint: stage.paint, nowMs }))
}
