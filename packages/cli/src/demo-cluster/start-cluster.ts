/** Decides what the three nodes share, and starts them: processes on a Redis, or one process on an embedded store. */
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import type { CliContext } from "../context.ts"
import { onChosenStore } from "./choose-store.ts"
import type { Cluster } from "./cluster.ts"
import { startProcesses } from "./many-processes.ts"
import { type NodePlan, sharedStore } from "./node-flags.ts"
import type { Stage } from "./stage.ts"
import type { DemoTexts } from "./texts.ts"

export interface ClusterOptions {
  /** The one that was named; `undefined`: look for one; `false`: none, whatever answers here. */
  readonly redis: string | false | undefined
  /** The first node's; 0: any free ones. */
  readonly port: number
  /** Part of the nodes' names. */
  readonly run: string
  /** For what they write; whoever gave it removes it. */
  readonly folder: string
  readonly stage: Stage
  readonly texts: DemoTexts
  readonly context: CliContext
}

export interface StartedCluster extends Cluster {
  readonly store: "redis" | "embedded"
}

export function portsFrom(first: number): readonly number[] {
  return [0, 1, 2].map((index) => (first === 0 ? 0 : first + index))
}

/** @throws CliError if the Redis that was named cannot be used. */
export function startCluster(options: ClusterOptions): Promise<StartedCluster> {
  const { redis, stage, texts, context } = options
  return onChosenStore(
    { redis, stage, texts, clock: context.clock },
    {
      redis: (url) => startOnRedis(url, options),
      embedded: () => {
        stage.say(texts.onEmbedded)
        return startEmbedded(options)
      },
    },
  )
}

async function startOnRedis(url: string, options: ClusterOptions): Promise<StartedCluster> {
  const { stage, texts, context } = options
  const plans = plansOf(options, (index) => `node-${index + 1}`)
  for (const { folder } of plans) await mkdir(folder, { recursive: true })
  const { clock, env: inherited } = context
  // Whatever the Redis at hand keeps: the show is over before anybody misses it.
  const env = sharedStore(url)
  const cluster = await startProcesses(plans, { clock, env, inherited, texts })
  stage.say(texts.onRedis(whereOf(url)))
  return { ...cluster, store: "redis" }
}

async function startEmbedded(options: ClusterOptions): Promise<StartedCluster> {
  const { clock, random } = options.context
  // Loaded only now: a help must not wait for LangGraph and LMDB.
  const { startInOneProcess } = await import("./one-process.ts")
  const cluster = await startInOneProcess(
    plansOf(options, () => "data"),
    { clock, random },
  )
  return { ...cluster, store: "embedded" }
}

function plansOf({ port, run, folder }: ClusterOptions, folderName: (index: number) => string): NodePlan[] {
  return portsFrom(port).map((each, index) => ({
    id: `demo-${run}-${index + 1}`,
    port: each,
    folder: join(folder, folderName(index)),
  }))
}

/** Without what may be secret in it. */
export function whereOf(url: string): string {
  return /^rediss?:\/\/(?:[^@/?]*@)?([^/?]*)/.exec(url)?.[1] ?? ""
}
