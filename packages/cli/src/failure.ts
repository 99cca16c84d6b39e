/**
 * Turns whatever went wrong into one clear sentence and what to do about it.
 *
 * Stacks are for `--debug`. Exit codes: 1 the command failed, 2 it was called wrongly, 3 time ran out.
 */
import { EngineError } from "@everthread/engine"
import { ConfigError, type Words } from "@everthread/server/config"
import { CommanderError } from "commander"
import type { Language } from "./language.ts"

/**
 * Errors whose message is made for the person who started the command. By name, because importing their
 * classes would load LangGraph and the server for every `--help`.
 */
const madeForPeople = new Set(["GraphLoadError", "ListenError"])

/** A failure that a command explains itself. */
export class CliError extends Error {
  override readonly name = "CliError"
  readonly advice: string

  /** @param advice what to do, as a sentence. */
  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options)
    this.advice = advice
  }
}

/** The command was called wrongly. */
export class UsageError extends Error {
  override readonly name = "UsageError"
}

/** Somebody ended the command with a signal. */
export class Interrupted extends Error {
  override readonly name = "Interrupted"
  readonly exitCode: number

  constructor(exitCode: number, message: string) {
    super(message)
    this.exitCode = exitCode
  }
}

/** What was waited for did not come in the time that was given for it. */
export class TimedOut extends Error {
  static readonly exitCode = 3
  override readonly name = "TimedOut"
}

/** The command has said what there is to say, and this is what it comes to. */
export class Verdict extends Error {
  override readonly name = "Verdict"
  readonly exitCode: number

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`)
    this.exitCode = exitCode
  }
}

export interface Failure {
  readonly exitCode: number
  /** Empty where everything has been said. */
  readonly text: string
}

const texts = {
  storeClosed: { en: "The store cannot be opened: ", zh: "无法打开存储：" },
  debug: {
    en: "Run it again with --debug to see where that comes from.",
    zh: "加上 --debug 再次运行，可查看错误来源。",
  },
  configWrong: { en: "The configuration is wrong:", zh: "配置有误：" },
} satisfies Record<string, Words>

export function explainFailure(error: unknown, debug: boolean, language: Language): Failure {
  // Commander has written its own sentence, or the help that was asked for.
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? 0 : 2, text: "" }
  if (error instanceof UsageError) return { exitCode: 2, text: `error: ${error.message}\n` }
  if (error instanceof Verdict) return { exitCode: error.exitCode, text: "" }
  if (error instanceof TimedOut) return { exitCode: TimedOut.exitCode, text: `${error.message}\n` }
  if (error instanceof Interrupted) return { exitCode: error.exitCode, text: `${error.message}\n` }
  const stack = debug && error instanceof Error ? `\n${error.stack}` : ""
  return { exitCode: 1, text: `${describe(error, debug, language)}${stack}\n` }
}

function describe(error: unknown, debug: boolean, language: Language): string {
  if (error instanceof ConfigError) return describeConfig(error, language)
  if (error instanceof CliError) return `${error.message}\n${error.advice}`
  if (error instanceof EngineError) return `${texts.storeClosed[language]}${error.message}`
  const message = error instanceof Error ? error.message : String(error)
  const isClear = error instanceof Error && madeForPeople.has(error.name)
  return debug || isClear ? message : `${message}\n${texts.debug[language]}`
}

function describeConfig({ words }: ConfigError, language: Language): string {
  const [first, ...others] = words.map((problem) => problem[language])
  const head = texts.configWrong[language]
  if (others.length === 0) return `${head}${language === "en" ? " " : ""}${first}`
  return [head, ...[first, ...others].map((problem) => `  - ${problem}`)].join("\n")
}

export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}
