/**
 * How help looks: within the terminal's width, and of options that few people need no more than that there are some.
 *
 * Rows are the chat's own: commander breaks lines at spaces alone, which Chinese has none of.
 */
import { type Command, Help, type HelpConfiguration, type Option } from "commander"
import { rowsOf } from "./chat/wrap.ts"
import { groups } from "./config/option-flags.ts"
import type { Language } from "./language.ts"

/** Commander's own headings, which have no other place to be translated in. */
const headings: Readonly<Record<string, string>> = { "Usage:": "用法：", "Options:": "选项：", "Commands:": "命令：" }
/** And what it says behind an option's description; a variable is known by its look. */
const notes: Readonly<Record<string, string>> = { "default: ": "默认 ", "env: ": "", "choices: ": "可选 " }

const texts = {
  more: {
    en: (count: number) => `${count} more options with --help --all`,
    zh: (count: number) => `另有 ${count} 个选项，用 --help --all 查看`,
  },
}

/** What has a longer name has its description below it. */
const termColumnsMax = 30
const indentColumns = 2
const descriptionColumnsMin = 20

/** @param all every option is to be shown. */
export function helpFormat(language: Language, all: boolean): HelpConfiguration {
  return {
    formatHelp: (command, helper) => (all ? defaultHelp(command, helper) : mostUsedHelp(command, helper, language)),
    padWidth: (command, helper) => Math.min(Help.prototype.padWidth.call(helper, command, helper), termColumnsMax),
    formatItem,
    ...(language === "zh" ? { styleTitle: (title) => headings[title] ?? title, optionDescription } : {}),
  }
}

function optionDescription(option: Option): string {
  return Help.prototype.optionDescription(option).replace(/\b(?:default|env|choices): /g, (name) => notes[name] ?? name)
}

function defaultHelp(command: Command, helper: Help): string {
  return Help.prototype.formatHelp.call(helper, command, helper)
}

/** Only the help leaves options out: commander guesses at a mistyped one among those that are visible otherwise. */
function mostUsedHelp(command: Command, helper: Help, language: Language): string {
  const visible = helper.visibleOptions(command)
  const shown = visible.filter(({ helpGroupHeading }) => helpGroupHeading !== groups[language].more)
  helper.visibleOptions = () => shown
  const count = visible.length - shown.length
  return defaultHelp(command, helper) + (count === 0 ? "" : `\n${texts.more[language](count)}\n`)
}

function formatItem(term: string, termColumns: number, description: string, helper: Help): string {
  const margin = " ".repeat(indentColumns)
  const column = indentColumns + termColumns + indentColumns
  const columns = Math.max((helper.helpWidth ?? 80) - column, descriptionColumnsMin)
  const rows = rowsOf(description, columns).map((row) => row.trimEnd())
  const below = rows.map((row) => " ".repeat(column) + row)
  const isLong = helper.displayWidth(term) > termColumns
  if (isLong) return [margin + term, ...below].join("\n")
  return [(margin + term).padEnd(column) + (rows[0] ?? ""), ...below.slice(1)].join("\n")
}
