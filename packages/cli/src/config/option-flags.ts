/** Makes commander's options out of the server's table, so that no flag is ever described twice. */
import { envOf, flagOf, type OptionPath, optionAt, optionPaths } from "@everthread/server/config"
import { type Command, Option } from "commander"
import type { Language } from "../language.ts"

/** The headings of the help. */
export const groups = { en: { most: "Used most:", more: "More:" }, zh: { most: "常用选项：", more: "其他选项：" } }

/** Adds every option of the table to a command, with those used most first. */
export function addOptionFlags(command: Command, language: Language): Command {
  const file = { en: "YAML file with options", zh: "YAML 配置文件" }[language]
  command.addOption(new Option("--config <file>", `${file} (CONFIG_FILE)`).helpGroup(groups[language].most))
  // The sort is stable: within the two groups the table's order stays.
  const sorted = [...optionPaths].sort((a, b) => Number(isUsedMost(b)) - Number(isUsedMost(a)))
  for (const path of sorted) {
    const option = toFlag(path, language)
    if (option) command.addOption(option)
  }
  return command
}

/** @returns what was given on the command line, by flag name, as the configuration wants it. */
export function givenFlags(command: Command): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const option of command.options) {
    const value = command.getOptionValue(option.attributeName()) as unknown
    if (option.long && value !== undefined) given[option.long.slice(2)] = value
  }
  return given
}

/** Only options that people type got a short name of their own in the table. */
const isUsedMost = (path: OptionPath) => optionAt(path).flag !== undefined

function toFlag(path: OptionPath, language: Language): Option | undefined {
  const option = optionAt(path)
  const name = flagOf(path, option)
  if (name === undefined) return undefined
  const flag = new Option(`--${name}${placeholder(path)}`, describe(path, language))
  if (path === "graphs") flag.argParser(collect)
  if (option.withoutEffect) flag.hideHelp()
  return flag.helpGroup(groups[language][isUsedMost(path) ? "most" : "more"])
}

function placeholder(path: OptionPath): string {
  const { kind, unit, fallback } = optionAt(path)
  const { type, enum: words } = kind.schema
  if (path === "graphs") return " <[name=]path:export>"
  // What is off turns on by its name alone; what is on has to be told.
  if (type === "boolean") return fallback === true ? " <true|false>" : ""
  if (unit) return ` <${unit.en}>`
  // A list, too, is typed as one text.
  const isText = [type].flat().includes("string")
  return ` <${isText ? (shortChoice(words) ?? lastWord(path)) : "number"}>`
}

const choiceCharsMax = 24

/** `all|gateway|agent`, unless there are too many to stand there. */
function shortChoice(words: unknown): string | undefined {
  if (!Array.isArray(words)) return undefined
  // In capitals they are accepted, too.
  const choice = words.filter((word) => word === String(word).toLowerCase()).join("|")
  return choice.length > choiceCharsMax ? undefined : choice
}

/** The table's names say what kind of text it is: `auth.jwks_url`, `logging.folder`. */
function lastWord(path: OptionPath): string {
  return path.slice(Math.max(path.lastIndexOf("."), path.lastIndexOf("_")) + 1)
}

function describe(path: OptionPath, language: Language): string {
  const option = optionAt(path)
  const { fallback: value } = option
  const unset =
    value === undefined || path === "graphs" || value === false || (Array.isArray(value) && value.length === 0)
  const fallback = unset ? "" : `${{ en: "default", zh: "默认" }[language]} ${value}, `
  return `${option[language]} (${fallback}${envOf(path, option)})`
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}
