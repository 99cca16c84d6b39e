/** `everthread dev` from the store's start to the last node's end, whatever comes in between. */
import { dirname, relative, resolve } from "node:path"
import { loadConfig } from "@everthread/server/config"
import type { CliContext } from "../context.ts"
import { CliError, errorCodeOf } from "../failure.ts"
import type { AgentSource } from "../serve/agent-source.ts"
import { webAppFolder } from "../serve/web-app-folder.ts"
import { DevCluster } from "./cluster.ts"
import { createControl } from "./control.ts"
import { DevNode } from "./dev-node.ts"
import { type DevStore, openDevStore } from "./dev-store.ts"
import { type Front, frontHost, openFront } from "./front.ts"
import { nodePlans } from "./node-plans.ts"
import type { DevTexts } from "./texts.ts"
import { watchFiles } from "./watch-files.ts"

export interface DevOptions {
  readonly nodes: number
  /** As typed: `[name=]path:export`. */
  readonly graphs: readonly string[]
  /** 0: any free one. */
  readonly port: number
  readonly data: string
  /** The one that was named. */
  readonly redis: string | undefined
  readonly texts: DevTexts
  readonly context: CliContext
  /** Rejects with `Interrupted` when somebody wants it to end. */
  readonly interrupted: Promise<never>
}

const tokenChars = 32

/** Does not return by itself. @throws CliError if it cannot be started; Interrupted. */
export async function runDev(options: DevOptions): Promise<void> {
  const { context, graphs, interrupted } = options
  // Loaded only now: a help must not wait for LangGraph.
  const { findAgents } = await import("../serve/agent-source.ts")
  const source = findAgents(loadConfig({ env: {}, flags: { graph: graphs } }).config, context.folder)
  const ends: (() => unknown)[] = []
  try {
    await Promise.race([serve(source, ends, options), interrupted])
    await interrupted
  } finally {
    for (const end of ends.reverse()) await end()
  }
}

/** @param ends is given what there is to end, in the order in which it was begun. */
async function serve(source: AgentSource, ends: (() => unknown)[], options: DevOptions): Promise<void> {
  const { context, texts } = options
  const store = await openStore(options)
  ends.push(store.stop)
  const cluster = clusterOn(store, options)
  ends.push(() => cluster.stop())
  const control = createControl(cluster, context.random.id(tokenChars))
  const front = await open(options, { cluster, clock: context.clock, ...controlOf(control), nobody: texts.nobody })
  ends.push(front.close)
  if ((await cluster.start()) === 0) throw new CliError(texts.noneStarted, texts.noneStartedAdvice)
  const folders = foldersOf(source, context.folder)
  ends.push(watchFiles({ folders, clock: context.clock, changed: (file) => restart(file, cluster, options) }))
  context.out(banner(front, store, folders, options))
}

async function openStore({ nodes, redis, data, context, texts }: DevOptions): Promise<DevStore> {
  const dataFolder = resolve(context.folder, data)
  try {
    return await openDevStore({ nodes, redis, dataFolder, context, texts })
  } catch (error) {
    if (error instanceof CliError) throw error
    const said = error instanceof Error ? error.message : String(error)
    throw new CliError(`${texts.redisFailed}\n${said}`, texts.redisFailedAdvice)
  }
}

function clusterOn(store: DevStore, { nodes, graphs, context, texts }: DevOptions): DevCluster {
  const { clock, env, folder, out, terminal } = context
  const plans = nodePlans({ nodes, graphs, folder, env, store: store.env })
  const name = (id: string) => (nodes === 1 ? "" : `${id} `)
  const cluster: DevCluster = new DevCluster(
    plans.map(
      (plan) =>
        new DevNode(plan, {
          clock,
          changed: (node) => {
            cluster.changed()
            out(`${node.id} ${stateText(node, texts)}\n`)
          },
          said: ({ id }, line) => void terminal.write(`${name(id)}${line}\n`),
        }),
    ),
  )
  return cluster
}

function stateText({ state }: DevNode, texts: DevTexts): string {
  if (state.name === "live") return texts.live(state.port)
  if (state.name !== "down") return texts.states[state.name]
  return texts.states[state.why === "new" ? "stopped" : state.why]
}

const controlOf = ({ answer, headers }: ReturnType<typeof createControl>) => ({ control: answer, headers })

async function open({ port, texts }: DevOptions, parts: Parameters<typeof openFront>[1]): Promise<Front> {
  try {
    return await openFront(port, parts)
  } catch (error) {
    const code = errorCodeOf(error) ?? String(error)
    const said = code === "EADDRINUSE" ? texts.portInUse(port) : texts.portRefused(port, code)
    throw new CliError(said, texts.portAdvice)
  }
}

/** Where the agents' files are, and what says which they are. */
function foldersOf(source: AgentSource, folder: string): string[] {
  if (source.kind !== "files") return []
  return [...new Set(source.specs.map(({ file }) => dirname(resolve(folder, file))))]
}

function restart(file: string, cluster: DevCluster, { context, texts }: DevOptions): void {
  context.out(`${texts.changed(relative(context.folder, file))}\n`)
  void cluster.restart()
}

function banner({ port }: Front, { about }: DevStore, folders: readonly string[], options: DevOptions): string {
  const { texts, nodes, context } = options
  const lines = [
    "",
    texts.ready(`http://${frontHost}:${port}`),
    "",
    `  ${texts.facts.nodes}  ${nodes}`,
    `  ${texts.facts.store}  ${about}`,
    ...(folders.length > 0
      ? [`  ${texts.facts.watched}  ${folders.map((each) => relative(context.folder, each) || ".").join(", ")}`]
      : []),
    "",
    webAppFolder() === undefined ? texts.noWebApp : texts.panel,
    texts.stop,
  ]
  return `${lines.join("\n")}\n\n`
}
