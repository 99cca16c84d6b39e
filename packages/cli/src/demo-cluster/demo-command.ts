/** `everthread demo`: a cluster on one machine, in a terminal. */
import { Command, Option } from "commander"
import type { CliContext } from "../context.ts"
import { takeoverCommand } from "../demo-takeover/takeover-command.ts"
import { checkedPort, checkedUrl, outputOf, portDefault, stageFor } from "./show-flags.ts"
import { type DemoTexts, demoTexts } from "./texts.ts"
import { watchSignals } from "./watch-signals.ts"

interface DemoFlags {
  /** `false`: `--no-redis`. */
  readonly redis?: string | false
  readonly port: number
  readonly fast?: boolean
  readonly json?: boolean
}

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
    .addCommand(takeoverCommand(context))
    .action((flags: DemoFlags) => demo(flags, context, texts))
}

async function demo(flags: DemoFlags, context: CliContext, texts: DemoTexts): Promise<void> {
  const { redis, port, fast = false, json = false } = flags
  const output = outputOf(context)
  const { interrupted, stop } = watchSignals(texts.interrupted)
  const stage = stageFor(json, output, context)
  try {
    const { runDemo } = await import("./run-demo.ts")
    await runDemo({ redis, port, fast, json, texts, stage, output, context, interrupted })
  } finally {
    stop()
  }
}
