/** `everthread chat`: a conversation in the terminal. */
import { Command, Option } from "commander"
import { type Language, languageOf } from "../language.ts"
import { type ChatFlags, completeOptions } from "./options.ts"
import { runChat } from "./run-chat.ts"
import { paintFor } from "./style.ts"
import { chatTexts } from "./texts.ts"

const urlDefault = "ws://127.0.0.1:8765"

/** @param context the language of help and chat; without it, that of the environment. */
export function chatCommand(context: { readonly language?: Language } = {}): Command {
  const texts = chatTexts[context.language ?? languageOf(process.env)]
  return new Command("chat")
    .description(texts.about)
    .option("--url <url>", texts.url, urlDefault)
    .option("--user <id>", texts.user)
    .option("--device <id>", texts.device)
    .option("--conversation <id>", texts.conversation)
    .option("--agent <name>", texts.agent)
    .addOption(new Option("--token <jwt>", texts.token).env("EVERTHREAD_TOKEN"))
    .option("--plain", texts.plain)
    .option("--json", texts.json)
    .addHelpText("after", texts.example)
    .action(async (flags: ChatFlags) => {
      const { stdin: input, stdout: output, env } = process
      const options = completeOptions(flags, input.isTTY === true && output.isTTY === true)
      const paint = paintFor(options.mode === "screen", env)
      await runChat({ ...options, input, output, texts, paint })
    })
}
