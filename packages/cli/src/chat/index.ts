/** `everthread chat`: a conversation in the terminal. */
import { Command, InvalidArgumentError, Option } from "commander"
import type { CliContext } from "../context.ts"
import { TimedOut } from "../failure.ts"
import { toId } from "../id-flag.ts"
import { type ChatFlags, completeOptions, isServerUrl, pipeWaitSeconds, urlDefault } from "./options.ts"
import { paintFor } from "./style.ts"
import { type ChatTexts, chatTexts } from "./texts.ts"

const waitSecondsMax = 86_400

export function chatCommand({ language, clock }: Pick<CliContext, "language" | "clock">): Command {
  const texts = chatTexts[language]
  return new Command("chat")
    .description(texts.about)
    .option("--url <url>", texts.url, (text: string) => checkedUrl(text, texts), urlDefault)
    .option("--user <id>", texts.user, toId)
    .option("--device <id>", texts.device, toId)
    .option("--conversation <id>", texts.conversation, toId)
    .option("--agent <name>", texts.agent)
    .addOption(new Option("--token <jwt>", texts.token).env("EVERTHREAD_TOKEN"))
    .option("--plain", texts.plain)
    .option("--json", texts.json)
    .option("--wait <seconds>", texts.wait(pipeWaitSeconds), (text: string) => checkedWait(text, texts))
    .option("--timeout <seconds>", texts.timeout(TimedOut.exitCode), (text: string) => checkedWait(text, texts))
    .addHelpText("after", texts.example)
    .action(async (flags: ChatFlags, command: Command) => {
      const { stdin: input, stdout: output, env } = process
      const isTokenTyped = command.getOptionValueSource("token") === "cli"
      const options = completeOptions(flags, input.isTTY === true && output.isTTY === true, isTokenTyped)
      const paint = paintFor(options.mode === "screen", env)
      // Loaded only now: the other commands and every --help answer without waiting for the client.
      const { runChat } = await import("./run-chat.ts")
      await runChat({ ...options, input, output, texts, paint, clock })
    })
}

function checkedUrl(text: string, texts: ChatTexts): string {
  if (isServerUrl(text)) return text
  throw new InvalidArgumentError(texts.badUrl)
}

function checkedWait(text: string, texts: ChatTexts): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= waitSecondsMax) return seconds
  throw new InvalidArgumentError(texts.badWait)
}
