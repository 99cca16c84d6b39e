/**
 * The nodes of the show, each a process of its own that can be killed: three on a Redis, or one on a data folder, which
 * then is what is started again.
 */
import { mkdir } from "node:fs/promises"
import { extname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { CliContext } from "../context.ts"
import { onChosenStore } from "../demo-cluster/choose-store.ts"
import { Complaints } from "../demo-cluster/complaints.ts"
import type { ProcessParts } from "../demo-cluster/many-processes.ts"
import { type NodePlan, sharedStore } from "../demo-cluster/node-flags.ts"
import type { Stage } from "../demo-cluster/stage.ts"
import { portsFrom, whereOf } from "../demo-cluster/start-cluster.ts"
import { demoTexts } from "../demo-cluster/texts.ts"
import { ShowNode } from "./show-node.ts"
import type { TakeoverTexts } from "./texts.ts"

export interface TroupeOptions {
  readonly redis: string | false | undefined
  /** The first node's; 0: any free ones. */
  readonly port: number
  /** Part of the names of nodes and agent: others may share the store. */
  readonly run: string
  /** For what the nodes write; whoever gave it removes it. */
  readonly folder: string
  readonly wordDelayMs: number
  readonly stage: Stage
  readonly texts: TakeoverTexts
  readonly context: CliContext
}

export interface Troupe {
  readonly store: "redis" | "embedded"
  readonly nodes: readonly ShowNode[]
  /** What the nodes have complained about. */
  complaints(): string
  stop(): Promise<void>
}

/** In the sources it is TypeScript, as this file is; where that is built, it is too. */
const agentFile = fileURLToPath(new URL(`./scene-agent${extname(import.meta.url)}`, import.meta.url))

/** Of this show alone: nodes of others that share the Redis serve no agent of this name. */
export const agentOf = (run: string): string => `story-${run}`

/** @throws CliError if the Redis that was named cannot be used, or a node does not start. */
export function startTroupe(options: TroupeOptions): Promise<Troupe> {
  const { redis, stage, texts, context } = options
  return onChosenStore(
    { redis, stage, texts: demoTexts[context.language], clock: context.clock },
    {
      async redis(url) {
        const env = sharedStore(url)
        const troupe = await start("redis", 3, env, options)
        stage.say(texts.onRedis(whereOf(url)))
        return troupe
      },
      embedded() {
        stage.say(texts.onEmbedded)
        return start("embedded", 1, {}, options)
      },
    },
  )
}

async function start(store: Troupe["store"], count: number, env: ProcessParts["env"], options: TroupeOptions) {
  const { context, wordDelayMs } = options
  const complaints = new Complaints()
  const parts: ProcessParts = {
    clock: context.clock,
    env: { ...env, EVERTHREAD_DEMO_WORD_DELAY_MS: String(wordDelayMs) },
    inherited: context.env,
    texts: demoTexts[context.language],
  }
  const plans = portsFrom(options.port)
    .slice(0, count)
    .map((port, index) => planOf(port, index + 1, options))
  for (const { folder } of plans) await mkdir(folder, { recursive: true })
  const nodes = plans.map((plan, index) => new ShowNode(plan, index + 1, parts, complaints))
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())))
  try {
    await Promise.all(nodes.map((node) => node.start()))
  } catch (error) {
    await stop()
    throw error
  }
  return { store, nodes, complaints: () => complaints.text(), stop }
}

function planOf(port: number, number: number, { run, folder }: TroupeOptions): NodePlan {
  const agent = `${agentOf(run)}=${agentFile}:graph`
  return { id: `takeover-${run}-${number}`, port, folder: join(folder, `node-${number}`), agent }
}
