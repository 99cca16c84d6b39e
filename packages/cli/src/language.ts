/** English or Chinese: `--lang`, else what the environment's locale says. */
import type { Words } from "@everthread/server/config"
import { UsageError } from "./failure.ts"

export type Language = keyof Words

const localeNames = ["LC_ALL", "LC_MESSAGES", "LANG"]

export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  // As in POSIX: the first that is set decides, even if it says English.
  const locale = localeNames.map((name) => env[name]).find((value) => value !== undefined && value !== "")
  return locale?.toLowerCase().startsWith("zh") ? "zh" : "en"
}

/**
 * Takes `--lang` out of the arguments, wherever it stands: the help is written before commander reads anything.
 * @returns the other arguments, and the language, if one was named.
 * @throws UsageError if it is one that nothing is written in.
 */
export function takeLanguage(args: readonly string[]): { rest: string[]; language: Language | undefined } {
  const rest: string[] = []
  let named: string | undefined
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (arg === "--lang") named = args[++i]
    else if (arg.startsWith("--lang=")) named = arg.slice("--lang=".length)
    else rest.push(arg)
  }
  return { rest, language: rest.length === args.length ? undefined : checkedLanguage(named) }
}

function checkedLanguage(name = ""): Language {
  if (name === "en" || name === "zh") return name
  throw new UsageError(`--lang ${name}: there is en (English) and zh (简体中文).`)
}
