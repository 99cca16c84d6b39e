/** `everthread verify`: whether what a live deployment has stored is whole, without writing anything. */
import { Command, InvalidArgumentError } from "commander"
import type { CliContext } from "../context.ts"
import { toId } from "../id-flag.ts"
import { verifyTexts } from "./texts.ts"

export interface VerifyFlags {
  readonly redis?: string
  readonly data?: string
  readonly config?: string
  readonly conversation?: readonly string[]
  readonly sample?: number
  readonly json?: boolean
  readonly debug?: boolean
}

export function verifyCommand(context: CliContext): Command {
  const texts = verifyTexts[context.language]
  return new Command("verify")
    .description(texts.about)
    .option("--redis <url>", texts.redis)
    .option("--data <folder>", texts.data)
    .option("--config <file>", texts.config)
    .option("--conversation <id>", texts.conversation, collect)
    .option("--sample <number>", texts.sample, (text) => toCount(text, texts.noCount))
    .option("--json", texts.json)
    .addHelpText("after", texts.more)
    .action(async (flags: VerifyFlags) => {
      // Loaded only now: every --help answers without waiting for the stores.
      const { verify } = await import("./run-verify.ts")
      await verify(flags, context, texts)
    })
}

/** A conversation's id may be longer than a user's, and is looked up as it is. */
function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text.startsWith("~") ? text : toId(text)]
}

function toCount(text: string, otherwise: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError(otherwise)
}
