/** `everthread demo takeover`: an answer goes on when the node that speaks it is killed, in a terminal. */
import { Command, Option } from "commander"
import type { CliContext } from "../context.ts"
import { checkedPort, checkedUrl, outputOf, portDefault, stageFor } from "../demo-cluster/show-flags.ts"
import { demoTexts } from "../demo-cluster/texts.ts"
import { watchSignals } from "../demo-cluster/watch-signals.ts"
import { takeoverTexts } from "./texts.ts"

interface TakeoverFlags {
  /** `false`: `--no-redis`. */
  readonly redis?: string | false
  readonly port: number
  readonly fast?: boolean
  readonly json?: boolean
}

export function takeoverCommand(context: CliContext): Command {
  const texts = takeoverTexts[context.language]
  const shared = demoTexts[context.language]
  return (
    new Command("takeover")
      .description(texts.about)
      .addOption(
        new Option("--redis <url>", texts.redis).env("REDIS_URL").argParser((text) => checkedUrl(text, shared)),
      )
      .option("--no-redis", texts.noRedis)
      .option("--port <number>", shared.port, (text: string) => checkedPort(text, shared), portDefault)
      .option("--fast", shared.fast)
      .option("--json", shared.json)
      .addHelpText("after", texts.examples)
      // The command above it has flags of the same names, and takes them wherever they stand.
      .action((_flags: TakeoverFlags, command: Command) => takeover(command.optsWithGlobals(), context))
  )
}

async function takeover(flags: TakeoverFlags, context: CliContext): Promise<void> {
  const { redis, port, fast = false, json = false } = flags
  const texts = takeoverTexts[context.language]
  const output = outputOf(context)
  const { interrupted, stop } = watchSignals(demoTexts[context.language].interrupted)
  const stage = stageFor(json, output, context)
  try {
    const { runTakeover } = await import("./run-takeover.ts")
    await runTakeover({ redis, port, fast, json, texts, stage, output, context, interrupted })
  } finally {
    stop()
  }
}
