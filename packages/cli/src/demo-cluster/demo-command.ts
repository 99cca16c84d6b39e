/** `everthread demo`: a cluster on one machine, in a terminal. */
import { redisUrl } from "@everthread/server/config"
import { Command, InvalidArgumentError, Option } from "commander"
import { paintFor } from "../chat/style.ts"
import type { CliContext } from "../context.ts"
import { runDemo } from "./run-demo.ts"
import { emptyStage, type Output, plainStage, type Stage, TerminalStage } from "./stage.ts"
import { type DemoTexts, demoTexts } from "./texts.ts"
import { watchSignals } from "./watch-signals.ts"

interface DemoFlags {
  /** `false`: `--no-redis`. */
  readonly redis?: string | false
  readonly port: number
  readonly fast?: boolean
  readonly json?: boolean
}

const portDefault = 9_000
/** Two more follow it. */
const portMax = 65_533

export function demoCommand(context: CliContext): Command {
  const texts = demoTexts[context.language]
  return new Command("demo")
    .description(texts.about)
    .addOption(new Option("--redis <url>", texts.redis).env("REDIS_URL").argParser((text) => checkedUrl(text, texts)))
    .option("--no-redis", texts.noRedis)
    .option("--port <number>", texts.port, (text: string) => checkedPort(text, texts), portDefault)
    .option("--fast", texts.fast)
    .option("--json", texts.json)
    .addHelpText("after", texts.examples)
    .action((flags: DemoFlags) => demo(flags, context, texts))
}

async function demo(flags: DemoFlags, context: CliContext, texts: DemoTexts): Promise<void> {
  const { redis, port, fast = false, json = false } = flags
  const output = outputOf(context)
  const { interrupted, stop } = watchSignals(texts.interrupted)
  const stage = stageFor(json, output, context)
  try {
    await runDemo({ redis, port, fast, json, texts, stage, output, context, interrupted })
  } finally {
    stop()
  }
}

/** The screen's size is asked for with each drawing: a window may be pulled larger. */
function outputOf({ out }: CliContext): Output {
  const { stdout } = process
  return {
    get columns() {
      return stdout.columns
    },
    get rows() {
      return stdout.rows
    },
    write: out,
  }
}

function stageFor(json: boolean, output: Output, { env, clock }: CliContext): Stage {
  if (json) return emptyStage
  // A terminal that says it is dumb obeys no sequence at all.
  if (process.stdout.isTTY !== true || env["TERM"] === "dumb") return plainStage({ output })
  return new TerminalStage({ output, paint: paintFor(true, env), clock })
}

function checkedPort(text: string, texts: DemoTexts): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > portMax) throw new InvalidArgumentError(texts.badPort)
  return port
}

function checkedUrl(text: string, texts: DemoTexts): string {
  if (redisUrl.parse(text) !== undefined) return text
  throw new InvalidArgumentError(texts.badUrl)
}
