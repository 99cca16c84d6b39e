/** `everthread chaos`: faults for a cluster that is there already, and whether its promises hold meanwhile. */
import { Command, InvalidArgumentError, Option } from "commander"
import type { CliContext } from "../context.ts"
import { chaosTexts } from "./texts.ts"

export interface ChaosFlags {
  readonly url?: readonly string[]
  readonly redis?: string
  readonly redisPrefix?: string
  readonly seconds: number
  readonly seed?: number
  readonly out?: string
  readonly token?: string
  readonly jwtSecret?: string
  readonly yesHarmIt?: boolean
  readonly host?: readonly string[]
}

const secondsDefault = 60

export function chaosCommand(context: CliContext): Command {
  const texts = chaosTexts[context.language]
  const whole = (text: string) => toWhole(text, texts.noWhole)
  return new Command("chaos")
    .description(texts.about)
    .option("--url <url>", texts.url, collect)
    .option("--redis <url>", texts.redis)
    .option("--redis-prefix <text>", texts.redisPrefix)
    .option("--seconds <number>", texts.seconds, whole, secondsDefault)
    .option("--seed <number>", texts.seed, whole)
    .option("--out <folder>", texts.out)
    .addOption(new Option("--token <jwt>", texts.token).env("EVERTHREAD_TOKEN"))
    .addOption(new Option("--jwt-secret <secret>", texts.jwtSecret).env("JWT_SECRET"))
    .option("--yes-harm-it", texts.yesHarmIt)
    .option("--host <name>", texts.host, collect)
    .addHelpText("after", texts.more)
    .action(async (flags: ChaosFlags) => {
      // Loaded only now: every --help answers without waiting for the client and the stores.
      const { runAttack } = await import("./run-attack.ts")
      await runAttack(flags, context, texts)
    })
}

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

function toWhole(text: string, otherwise: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(otherwise)
}
