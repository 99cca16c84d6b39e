/**
 * A node of `everthread dev`: what `serve` starts, and a link to the process that watches it. People do not type it.
 *
 * It ends in good order when that process has gone, however that went: nobody would know of it any more. (SPEC DEV6)
 */
import { secretsOf } from "@everthread/server/config"
import { createLog } from "@everthread/server/logging"
import { Command } from "commander"
import { addOptionFlags, givenFlags } from "../config/option-flags.ts"
import { readConfig } from "../config/read-config.ts"
import type { CliContext } from "../context.ts"
import { UsageError } from "../failure.ts"
import { endProcess } from "../serve/end-process.ts"
import { watchProcessEnd } from "../serve/process-end.ts"
import { webAppFolder } from "../serve/web-app-folder.ts"
import type { FromNode, Look, NodeFacts } from "./node-link.ts"

export const nodeCommandName = "dev-node"

export function nodeCommand(context: CliContext): Command {
  const command = new Command(nodeCommandName).action((_options, command: Command) =>
    serveLinked(context, givenFlags(command)),
  )
  return addOptionFlags(command, context.language)
}

async function serveLinked(context: CliContext, flags: Readonly<Record<string, unknown>>): Promise<void> {
  const { send } = process
  if (!send) throw new UsageError(`${nodeCommandName} is what everthread dev starts. Run: npx everthread dev`)
  const tell = (message: FromNode) => void send.call(process, message, () => {})
  const { config, notices, values } = await readConfig(context, flags)
  const log = createLog({
    config: config.logging,
    terminal: context.terminal,
    clock: context.clock,
    secrets: secretsOf(values),
  })
  for (const notice of notices) log.logger.warn(notice)
  const { startWatchedNode } = await import("./watched-node.ts")
  const node = await startWatchedNode({ config, log, context, webApp: webAppFolder() })
  watchProcessEnd({ log, stop: node.stop, exit: endProcess })
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"))
  process.on("message", (look: Look) => void answer(look, node.look, tell))
  tell({ type: "ready", port: node.port, agents: node.agents, engine: node.engine })
}

type LookAt = (conversations: Look["conversations"]) => Promise<NodeFacts>

async function answer({ ask, conversations }: Look, look: LookAt, tell: (message: FromNode) => void): Promise<void> {
  tell({ type: "facts", ask, facts: await look(conversations) })
}
