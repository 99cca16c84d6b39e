/**
 * Reads every option from the file, the environment and the flags; the later wins. (SPEC CFG2)
 *
 * All problems are gathered and thrown together, so nobody mends a file one error at a time. A
 * secret's value is in none of them. (SPEC CFG1, CFG3)
 */
import { nearest } from "@everthread/protocol"
import { ConfigError } from "./config-error.ts"
import { isRecord } from "./kinds.ts"
import { envOf, flagOf, type Words } from "./option.ts"
import { type OptionPath, optionAt, optionPaths, type Values } from "./options.ts"

export interface ConfigFile {
  /** As the user named it. */
  readonly path: string
  /** What its YAML says. */
  readonly content: unknown
}

export interface ConfigInput {
  readonly file?: ConfigFile | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** By flag name without dashes: `{ port: "8766" }`. */
  readonly flags: Readonly<Record<string, unknown>>
}

/** Where a value came from, for people: `default`, `file ./a.yaml`, `environment REDIS_URL`, `flag --port`. */
export type Source = string

export interface ReadValues {
  readonly values: Values
  readonly sources: Readonly<Record<OptionPath, Source>>
  /** What the user should know and what stops nothing: one sentence each. */
  readonly notices: readonly string[]
}

interface Given {
  readonly input: unknown
  readonly source: Source
}

export function readValues(input: ConfigInput): ReadValues {
  const problems: Words[] = []
  const inFile = input.file ? flatten(input.file, problems) : new Map<string, unknown>()
  const values: Record<string, unknown> = {}
  const sources: Record<string, Source> = {}
  const notices = unknownEnv(input.env)
  for (const path of optionPaths) {
    const given = lookUp(path, input, inFile)
    const option = optionAt(path)
    sources[path] = given?.source ?? "default"
    values[path] = given ? option.kind.parse(given.input) : option.fallback
    if (given && values[path] === undefined) problems.push(refusal(path, given))
    if (given && option.withoutEffect) notices.push(`${path} (${given.source}): ${option.withoutEffect.en}.`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return { values: values as Values, sources: sources as Record<OptionPath, Source>, notices }
}

function lookUp(path: OptionPath, input: ConfigInput, inFile: ReadonlyMap<string, unknown>): Given | undefined {
  const option = optionAt(path)
  const flag = flagOf(path, option)
  const env = envOf(path, option)
  const places: Given[] = [
    { input: flag === undefined ? undefined : input.flags[flag], source: `flag --${flag}` },
    // Compose files pass variables on that are not set, as empty ones.
    { input: input.env[env] === "" ? undefined : input.env[env], source: `environment ${env}` },
    { input: inFile.get(path) ?? undefined, source: `file ${input.file?.path}` },
  ]
  return places.find((place) => place.input !== undefined)
}

function refusal(path: OptionPath, { input, source }: Given): Words {
  const { kind, secret, unit } = optionAt(path)
  const en = `must be ${kind.expects.en}${unit ? ` ${unit.en}` : ""}.`
  const zh = `必须是${spaced(kind.expects.zh)}${unit ? `（单位：${unit.zh}）` : ""}。`
  if (secret) return { en: `${path} (${source}) ${en}`, zh: `${path}（${source}）${zh}` }
  const shown = JSON.stringify(input)
  return { en: `${path} is ${shown} (${source}); it ${en}`, zh: `${path} 的值是 ${shown}（${source}），${zh}` }
}

/** Chinese keeps a space between itself and what is not Chinese. */
const spaced = (text: string) => (/^[\x20-\x7e]/.test(text) ? ` ${text}` : text)

/** Turns the file's sections into paths, and complains of what is not an option. */
function flatten(file: ConfigFile, problems: Words[]): Map<string, unknown> {
  const flat = new Map<string, unknown>()
  if (file.content === null || file.content === undefined) return flat
  if (!isRecord(file.content)) throw new ConfigError([noSections(file)])
  for (const [section, content] of Object.entries(file.content)) {
    if (isOption(section)) flat.set(section, content)
    else if (!isSection(section)) problems.push(unknownKey(section, file, sections, sections))
    else if (isRecord(content)) readSection(section, content, file, flat, problems)
    else if (content !== null) problems.push(noSection(section, file))
  }
  return flat
}

const noSections = ({ path }: ConfigFile): Words => ({
  en: `${path} must hold sections such as "websocket:".`,
  zh: `${path} 应由 "websocket:" 这样的小节组成。`,
})

const noSection = (section: string, { path }: ConfigFile): Words => ({
  en: `${section} in ${path} must be a section with keys of its own.`,
  zh: `${path} 中的 ${section} 必须是含有自己键的小节。`,
})

function readSection(
  section: string,
  content: Readonly<Record<string, unknown>>,
  file: ConfigFile,
  flat: Map<string, unknown>,
  problems: Words[],
): void {
  for (const [name, value] of Object.entries(content)) {
    const path = `${section}.${name}`
    if (isOption(path)) flat.set(path, value)
    else problems.push(unknownKey(path, file, optionPaths, sectionPaths(section)))
  }
}

const sections = [...new Set(optionPaths.map((path) => path.split(".")[0] as string))]
const isOption = (path: string) => (optionPaths as string[]).includes(path)
const isSection = (name: string) => sections.includes(name)

const sectionPaths = (section: string) => optionPaths.filter((path) => path.startsWith(`${section}.`))

/** @param choices what there is, for where nothing is near. */
function unknownKey(key: string, file: ConfigFile, known: readonly string[], choices: readonly string[]): Words {
  const near = nearest(key, known)
  const en = near === undefined ? `there are ${choices.join(", ")}.` : `did you mean ${near}?`
  const zh = near === undefined ? `可用的有 ${choices.join("、")}。` : `是否想写 ${near}？`
  return { en: `${key} in ${file.path} is not an option; ${en}`, zh: `${file.path} 中的 ${key} 不是有效选项；${zh}` }
}

/** Ours too, and not the server's: the chat reads its token from there. */
const chatVariables = ["EVERTHREAD_TOKEN"]

/** The environment is full of names that are none of ours; only ours can be misspelt. */
function unknownEnv(env: ConfigInput["env"]): string[] {
  const known = [...optionPaths.map((path) => envOf(path, optionAt(path))), ...chatVariables]
  const unknown = Object.keys(env).filter((name) => name.startsWith("EVERTHREAD_") && !known.includes(name))
  return unknown.map((name) => {
    const near = nearest(name, known)
    return `${name} in the environment is not an option${near === undefined ? "" : `; did you mean ${near}?`}`
  })
}
