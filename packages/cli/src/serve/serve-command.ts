/** `everthread serve`: a node with a server, an agent worker and its data, until it is told to stop. */
import { type Config, secretsOf } from "@everthread/server/config"
import { Command } from "commander"
import { addOptionFlags, givenFlags } from "../config/option-flags.ts"
import { readConfig } from "../config/read-config.ts"
import type { CliContext } from "../context.ts"
import { version } from "../version.ts"
import type { AgentSource } from "./agent-source.ts"
import { banner } from "./banner.ts"
import { endProcess } from "./end-process.ts"
import { watchProcessEnd } from "./process-end.ts"
import { webAppFolder } from "./web-app-folder.ts"

const texts = {
  serve: {
    en: "Serve agents; without any named, those of ./langgraph.json, else a demo agent",
    zh: "启动服务；未指定智能体时使用 ./langgraph.json 中的，否则使用演示智能体",
  },
  examples: {
    en: `
Examples:
  npx everthread serve                                         the demo agent, data in ./data, port 8765
  npx everthread serve --graph ./agent.mjs:graph               your agent
  npx everthread serve --graph a=./a.mjs:graph --graph b=./b.mjs:graph
  JWT_SECRET=$(openssl rand -base64 32) npx everthread serve --host 0.0.0.0
  npx everthread serve --redis redis://127.0.0.1:6379          one of many nodes on a Redis; everthread doctor checks it
  npx everthread serve --role gateway                          serves people; its agents run on nodes with --role agent
  npx everthread serve --config everthread.yaml`,
    zh: `
示例：
  npx everthread serve                                         演示智能体，数据在 ./data，端口 8765
  npx everthread serve --graph ./agent.mjs:graph               使用自己的智能体
  npx everthread serve --graph a=./a.mjs:graph --graph b=./b.mjs:graph
  JWT_SECRET=$(openssl rand -base64 32) npx everthread serve --host 0.0.0.0
  npx everthread serve --redis redis://127.0.0.1:6379          多个节点共用一个 Redis；可用 everthread doctor 检查
  npx everthread serve --role gateway                          只服务用户；智能体在 --role agent 的节点上运行
  npx everthread serve --config everthread.yaml`,
  },
} as const

export function serveCommand(context: CliContext): Command {
  const { language } = context
  const command = new Command("serve")
    .description(texts.serve[language])
    .addHelpText("after", texts.examples[language])
    .action((_options, command: Command) => serve(context, givenFlags(command)))
  return addOptionFlags(command, language)
}

/** What finds agents knows LangGraph, which a gateway does without. */
async function sourceOf(config: Config, folder: string): Promise<AgentSource> {
  if (config.role === "gateway") return { kind: "none" }
  const { findAgents } = await import("./agent-source.ts")
  return findAgents(config, folder)
}

async function serve(context: CliContext, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { clock, random, terminal } = context
  const { config, notices, values } = await readConfig(context, flags)
  // Loaded only now, as what follows: the other commands and every --help answer without waiting for LangGraph and LMDB.
  const { createLog } = await import("@everthread/server/logging")
  const log = createLog({ config: config.logging, terminal, clock, secrets: secretsOf(values) })
  for (const notice of notices) log.logger.warn(notice)
  const { startNode } = await import("./start-node.ts")
  const source = await sourceOf(config, context.folder)
  const webApp = webAppFolder()
  const node = await startNode({ config, source, log, clock, random, webApp })
  watchProcessEnd({ log, stop: node.stop, exit: endProcess })
  const isDemo = source.kind === "demo"
  context.out(
    banner({ ...node, version: version(), config, isDemo, hasWebApp: webApp !== undefined }, context.language),
  )
}
