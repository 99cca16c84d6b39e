/** `everthread dev`: serves while one develops, with a cluster on demand. */
import { redisUrl } from "@everthread/server/config"
import { Command, InvalidArgumentError, Option } from "commander"
import type { CliContext } from "../context.ts"
import { watchSignals } from "../demo-cluster/watch-signals.ts"
import { runDev } from "./run-dev.ts"
import { type DevTexts, devTexts } from "./texts.ts"

interface DevFlags {
  readonly nodes: number
  readonly graph?: readonly string[]
  readonly port: number
  readonly data: string
  readonly redis?: string
}

const nodesMax = 9
const portDefault = 8_765
const portMax = 65_535

export function devCommand(context: CliContext): Command {
  const texts = devTexts[context.language]
  return new Command("dev")
    .description(texts.about)
    .option("--nodes <number>", texts.nodes, (text) => whole(text, 1, nodesMax, texts.badNodes), 1)
    .option(`--graph <${texts.graphPlace}>`, texts.graph, (text, before: string[] = []) => [...before, text])
    .option("--port <number>", texts.port, (text) => whole(text, 0, portMax, texts.badPort), portDefault)
    .option("--data <folder>", texts.data, "./data")
    .addOption(new Option("--redis <url>", texts.redis).env("REDIS_URL").argParser((text) => checkedUrl(text, texts)))
    .addHelpText("after", texts.examples)
    .action((flags: DevFlags) => dev(flags, context))
}

async function dev({ graph = [], redis, ...flags }: DevFlags, context: CliContext): Promise<void> {
  const texts = devTexts[context.language]
  const { interrupted, stop } = watchSignals(texts.interrupted)
  try {
    await runDev({ ...flags, graphs: graph, redis, texts, context, interrupted })
  } finally {
    stop()
  }
}

function whole(text: string, min: number, max: number, complaint: string): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= min && number <= max) return number
  throw new InvalidArgumentError(complaint)
}

function checkedUrl(text: string, { badUrl }: DevTexts): string {
  if (redisUrl.parse(text) !== undefined) return text
  throw new InvalidArgumentError(badUrl)
}
